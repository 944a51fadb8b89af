import { expect, test } from 'vitest';
import { isLoaded } from '#engine/connection/job.ts';
import { respondTo } from '#engine/endpoints/behaviour.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const bytes = (value: string) => new Uint8Array(Buffer.from(value));
const options = { readFile: async () => undefined, unframeable: () => {} };

/** What is sent for the messages of one read, where `held` is left of the reads before. */
async function echoed(carryOver: string, chunk: string, boundaries: Boundaries) {
  const job = respondTo(
    { kind: 'echo' },
    { kind: 'raw' },
    { carryOver: bytes(carryOver), chunk: bytes(chunk), boundaries },
    options,
  );
  if (!job || isLoaded(job.batches)) throw new Error('there is no echo');
  return job.batches.next();
}

test('echo sends a message back whole that came in two reads, and what follows it', async () => {
  const boundaries = new Boundaries();
  boundaries.push(3, 0, 1, messageFlags.text);
  boundaries.push(6, 0, 1, messageFlags.text);
  const batch = await echoed('hel', 'lo\nab\nc', boundaries);
  expect(text(batch?.bytes ?? bytes(''))).toBe('hello\nab\n');
  expect([...(batch?.boundaries.ends.subarray(0, batch.boundaries.count) ?? [])]).toEqual([6, 9]);
  expect(boundaries.ends[0]).toBe(3);
});

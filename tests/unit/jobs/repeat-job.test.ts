import { expect, test } from 'vitest';
import { startRepeatJob } from '#jobs/repeat-job.ts';
import { fakeContext } from './fake-context.ts';

test('a repeated send keeps the replies of a socket that is no longer listed, and counts those of the others', async () => {
  const received = new Map([
    [1, 1_000],
    [2, 0],
  ]);
  const context = fakeContext({
    sockets: {
      endpointOf: () => 'e1',
      canSend: () => true,
      received: (socket) => received.get(socket) ?? 0,
      receiveEnd: () => undefined,
    },
  });
  const bytes = new Uint8Array(1);
  const times = { intervalMs: 3_600_000, jitterMs: 0 };
  const started = await startRepeatJob({ kind: 'repeat', sockets: [1, 2], bytes, frame: false, ...times }, context);
  if (!started.ok) throw new Error(started.error.message);
  const job = started.value;
  received.set(1, 1_003);
  received.set(2, 1);
  expect(job.figures().replies).toBe(4);
  received.delete(1);
  received.set(2, 5);
  expect(job.figures().replies).toBe(8);
  job.cancel();
  expect(await job.ended).toEqual({ state: 'cancelled' });
});

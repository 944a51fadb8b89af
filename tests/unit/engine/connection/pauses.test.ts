import { expect, test } from 'vitest';
import { Pauses } from '#engine/connection/pauses.ts';
import type { Command } from '#engine/connection/step.ts';

test('a long pause is recorded with the reason that remains', () => {
  const out: Command[] = [];
  const pauses = new Pauses(out, { stopClock: () => {}, startClock: () => {} });
  pauses.pause('log', 0, 0);
  pauses.pause('peer', 7, 10);
  pauses.resume('log', 20);
  pauses.long(7);
  const reason = 'the peer does not receive the answers (7 bytes are queued)';
  expect(out.at(-1)).toEqual({ kind: 'record', event: { kind: 'paused', reason } });
  pauses.resume('peer', 2_000);
  expect(out.at(-1)).toEqual({ kind: 'record', event: { kind: 'resumed' } });
});

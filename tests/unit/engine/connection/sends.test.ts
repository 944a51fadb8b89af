import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pacer } from '#engine/connection/sends.ts';
import type { Pace } from '#shared/contract/models.ts';
import { cases } from '#support/cases.ts';

const none: Pace = { bytesPerSecond: 0, chunkBytes: 0, delayMs: 0, splits: [] };

/** Plays a paced message of `length` bytes on a clock of its own: each piece and when it goes. */
function play(pace: Pace, length: number): { bytes: number; at: number }[] {
  const pacer = new Pacer(pace);
  const pieces: { bytes: number; at: number }[] = [];
  let at = 1_000;
  for (let offset = 0; offset < length; ) {
    const { bytes, waitMs } = pacer.next(offset, length - offset, at);
    at += waitMs;
    pieces.push({ bytes, at: at - 1_000 });
    offset += bytes;
  }
  return pieces;
}

test('pieces of so many bytes go with the delay between them', () => {
  expect(play({ ...none, chunkBytes: 4, delayMs: 20 }, 10)).toEqual([
    { bytes: 4, at: 0 },
    { bytes: 4, at: 20 },
    { bytes: 2, at: 40 },
  ]);
});

test('a message is split at the places that were chosen, in any order, beyond its end too', () => {
  expect(play({ ...none, delayMs: 5, splits: [7, 2, 2, 99] }, 10)).toEqual([
    { bytes: 2, at: 0 },
    { bytes: 5, at: 5 },
    { bytes: 3, at: 10 },
  ]);
});

test('a rate is kept, whatever else cuts the message, and every byte goes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 0, max: 300 }),
      fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 4 }),
      (length, bytesPerSecond, chunkBytes, splits) => {
        // A very slow one would take very many steps to play.
        fc.pre(length / bytesPerSecond < 3_000);
        const pieces = play({ ...none, bytesPerSecond, chunkBytes, splits }, length);
        let sent = 0;
        for (const { bytes, at } of pieces) {
          expect(bytes).toBeGreaterThan(0);
          // Nothing is ahead of the rate by more than one step of it.
          expect(sent).toBeLessThanOrEqual((at * bytesPerSecond) / 1_000 + 1);
          sent += bytes;
        }
        expect(sent).toBe(length);
      },
    ),
    cases(80),
  );
});

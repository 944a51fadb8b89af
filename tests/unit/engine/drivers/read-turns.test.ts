import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadTurns, turnBytes } from '#engine/drivers/read-turns.ts';

const readBytes = 65_536;

/** Has each of `count` sockets read at most `burst` times 64 KiB in a turn, as libuv does. Gives the bytes of each in that turn. */
function turn(turns: ReadTurns, count: number, burst: number): { bytes: number[]; stopped: number } {
  const bytes: number[] = [];
  let stopped = 0;
  for (let nth = 0; nth < count; nth += 1) {
    let read = 0;
    for (let times = 0; times < burst; times += 1) {
      read += readBytes;
      if (turns.count(readBytes, () => {})) continue;
      stopped += 1;
      break;
    }
    bytes.push(read);
  }
  return { bytes, stopped };
}

describe('the share of a socket in a turn of the event loop', () => {
  it('is bounded for all together, however many there are and however much they bring', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 32 }), async (count, burst) => {
        const turns = new ReadTurns();
        for (let nth = 0; nth < 3; nth += 1) {
          const { bytes } = turn(turns, count, burst);
          const total = bytes.reduce((sum, one) => sum + one, 0);
          expect(total).toBeLessThanOrEqual(turnBytes + count * readBytes);
          expect(Math.min(...bytes)).toBeGreaterThanOrEqual(readBytes);
          await new Promise((resolve) => setImmediate(resolve));
        }
      }),
    );
  });

  it('is more than one read where nobody else brings anything', () => {
    expect(turn(new ReadTurns(), 1, 32)).toEqual({ bytes: [turnBytes], stopped: 1 });
  });

  it('is over until the next turn, in which each socket goes on once', async () => {
    const turns = new ReadTurns();
    const gone: number[] = [];
    expect(turns.count(turnBytes, () => gone.push(1))).toBe(false);
    expect(turns.count(1, () => gone.push(2))).toBe(false);
    expect(gone).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(gone).toEqual([1, 2]);
    expect(turns.count(1, () => gone.push(3))).toBe(true);
  });
});

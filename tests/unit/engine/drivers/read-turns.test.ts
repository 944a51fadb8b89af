import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Reader, ReadTurns, turnBytes, turnMs } from '#engine/drivers/read-turns.ts';

const readBytes = 65_536;

/** A socket that notes what happens to it in `log`. */
class FakeReader implements Reader {
  isPaused = false;
  readonly name: number;
  readonly log: string[];

  constructor(name: number, log: string[] = []) {
    this.name = name;
    this.log = log;
  }

  pause(): void {
    this.isPaused = true;
    this.log.push(`pause ${this.name}`);
  }

  resume(): void {
    this.isPaused = false;
    this.log.push(`resume ${this.name}`);
  }
}

function readersOf(turns: ReadTurns, count: number, log?: string[]): FakeReader[] {
  const readers = Array.from({ length: count }, (_, nth) => new FakeReader(nth, log));
  for (const reader of readers) turns.add(reader);
  return readers;
}

/** Lets each socket read at most `burst` times 64 KiB in a turn, as libuv does. Returns the bytes of each, and the time of all. */
function turn(
  turns: ReadTurns,
  readers: readonly FakeReader[],
  burst: number,
  ms = 0,
): { bytes: number[]; stopped: number; ms: number } {
  const bytes: number[] = [];
  let stopped = 0;
  let total = 0;
  for (const reader of readers) {
    let read = 0;
    for (let times = 0; times < burst && !reader.isPaused; times += 1) {
      read += readBytes;
      total += ms;
      if (turns.count(readBytes, ms, reader)) continue;
      stopped += 1;
      break;
    }
    bytes.push(read);
  }
  return { bytes, stopped, ms: total };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('the share of a socket in a turn of the event loop', () => {
  it('is bounded for all together, however many there are and however much they receive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 32 }), async (count, burst) => {
        const turns = new ReadTurns();
        const readers = readersOf(turns, count);
        for (let nth = 0; nth < 3; nth += 1) {
          const { bytes } = turn(turns, readers, burst);
          const total = bytes.reduce((sum, one) => sum + one, 0);
          expect(total).toBeLessThanOrEqual(turnBytes + count * readBytes);
          expect(Math.min(...bytes)).toBeGreaterThanOrEqual(readBytes);
          await nextTurn();
        }
      }),
    );
  });

  it('is more than one read where no other socket receives anything', () => {
    const turns = new ReadTurns();
    const { bytes, stopped } = turn(turns, readersOf(turns, 1), 32);
    expect({ bytes, stopped }).toEqual({ bytes: [turnBytes], stopped: 1 });
  });

  it('ends with the bytes of the turn, and each socket continues once in the next one', async () => {
    const turns = new ReadTurns();
    const log: string[] = [];
    const [first, second] = readersOf(turns, 2, log) as [FakeReader, FakeReader];
    expect(turns.count(turnBytes, 0, first)).toBe(false);
    expect(turns.count(1, 0, second)).toBe(false);
    expect(log).toEqual([]);
    await nextTurn();
    expect(log).toEqual(['resume 0', 'resume 1']);
    expect(turns.count(1, 0, first)).toBe(true);
  });
});

describe('slow reads', () => {
  it('end the turn for all sockets; those that have not read yet are the first of the next turn', async () => {
    const turns = new ReadTurns();
    const log: string[] = [];
    const [first] = readersOf(turns, 3, log) as [FakeReader];
    expect(turns.count(1, turnMs, first)).toBe(false);
    expect(log).toEqual(['pause 1', 'pause 2']);
    await nextTurn();
    expect(log.slice(2)).toEqual(['resume 1', 'resume 2', 'resume 0']);
  });

  it('take at most the time of a turn and one read more, and every socket reads in the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 2, max: 40 }), async (count, ms) => {
        const turns = new ReadTurns();
        const readers = readersOf(turns, count);
        const read = readers.map(() => 0);
        for (let nth = 0; nth < count; nth += 1) {
          // As after epoll: a socket that waited longest is the first.
          const order = [...readers].sort((a, b) => (read[a.name] ?? 0) - (read[b.name] ?? 0));
          const { bytes, ms: total } = turn(turns, order, 1, ms);
          for (const [at, reader] of order.entries()) read[reader.name] = (read[reader.name] ?? 0) + (bytes[at] ?? 0);
          expect(total).toBeLessThan(turnMs + ms);
          await nextTurn();
        }
        expect(Math.min(...read)).toBeGreaterThan(0);
      }),
      { numRuns: 30 },
    );
  });

  it('do not resume a socket that was removed in the meantime', async () => {
    const turns = new ReadTurns();
    const log: string[] = [];
    const [first, second] = readersOf(turns, 2, log) as [FakeReader, FakeReader];
    turns.count(1, turnMs, first);
    turns.remove(second);
    await nextTurn();
    expect(log).toEqual(['pause 1', 'resume 0']);
  });
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ListenCounts, OverflowWatch, parseListenCounts } from '#engine/endpoints/overflow-watch.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A watch over counts that the test changes. */
function watched(waiting?: number) {
  const kernel: { counts: ListenCounts; reads: number } = { counts: { overflows: 10, drops: 12 }, reads: 0 };
  const told: number[] = [];
  const queue = { waiting };
  const watch = new OverflowWatch(
    (drops) => void told.push(drops),
    { capacity: () => 2, waiting: () => queue.waiting },
    () => {
      kernel.reads += 1;
      return kernel.counts;
    },
  );
  watch.start();
  const grow = (overflows: number, drops: number) => {
    const { counts } = kernel;
    kernel.counts = { overflows: counts.overflows + overflows, drops: counts.drops + drops };
  };
  /** As many connections come out of the queue as it holds, and one more. */
  const burst = () => {
    for (let count = 0; count < 3; count += 1) watch.accepted();
  };
  return { watch, kernel, told, grow, queue, burst };
}

test('the counts are read from the names and values of /proc/net/netstat', () => {
  const table = 'TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 1 20 30\nIpExt: InNoRoutes\nIpExt: 4\n';
  expect(parseListenCounts(table)).toEqual({ overflows: 20, drops: 30 });
});

test.each([
  '',
  'TcpExt: A\nTcpExt: 1',
  'TcpExt: ListenOverflows ListenDrops',
  'TcpExt: ListenOverflows ListenDrops\nTcpExt: x y',
])('a table without them has no counts: %j', (table) => {
  expect(parseListenCounts(table)).toBeUndefined();
});

test('a server from which nobody connects reads nothing', () => {
  const { watch, kernel } = watched();
  vi.advanceTimersByTime(60_000);
  expect(kernel.reads).toBe(1);
  watch.stop();
  expect(kernel.reads).toBe(1);
});

test('a burst of connections is one reading, and drops in it are reported', () => {
  const { watch, kernel, told, grow } = watched();
  for (let count = 0; count < 1_000; count += 1) watch.accepted();
  grow(5, 7);
  vi.advanceTimersByTime(1_000);
  expect([kernel.reads, told]).toEqual([2, [7]]);
});

test('it looks again while the count grows, and then no more', () => {
  const { burst, kernel, told, grow } = watched();
  burst();
  grow(1, 1);
  vi.advanceTimersByTime(1_000);
  burst();
  grow(2, 2);
  vi.advanceTimersByTime(1_000);
  vi.advanceTimersByTime(60_000);
  expect([kernel.reads, told]).toEqual([4, [1, 2]]);
});

test('it looks once a second while nothing is accepted', () => {
  const { watch, kernel, told, grow } = watched();
  watch.setContinuous(true);
  vi.advanceTimersByTime(10_000);
  expect(kernel.reads).toBe(11);
  grow(1, 1);
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([1]);
  watch.setContinuous(false);
  vi.advanceTimersByTime(60_000);
  expect(kernel.reads).toBe(13);
});

test('drops for another reason than a full queue are not reported', () => {
  const { burst, told, grow } = watched();
  burst();
  grow(0, 9);
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([]);
});

test('what was dropped since the last connection is reported when it stops', () => {
  const { watch, burst, told, grow } = watched();
  burst();
  grow(3, 3);
  watch.stop();
  expect(told).toEqual([3]);
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([3]);
});

test('where the system does not count, nothing is watched', () => {
  let reads = 0;
  const none = new OverflowWatch(
    () => expect.unreachable(),
    { capacity: () => 2, waiting: () => undefined },
    () => {
      reads += 1;
      return undefined;
    },
  );
  none.start();
  none.accepted();
  vi.advanceTimersByTime(60_000);
  none.stop();
  expect(reads).toBe(1);
});

test('drops at another server, while fewer connections came than the queue holds, are not reported', () => {
  const { watch, told, grow } = watched();
  watch.accepted();
  watch.accepted();
  grow(9, 9);
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([]);
  // Nor later, when this queue was full and nothing was dropped.
  for (let count = 0; count < 3; count += 1) watch.accepted();
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([]);
});

test('while nothing is accepted drops are reported as soon as the queue is seen to be full', () => {
  const { watch, told, grow, queue } = watched(0);
  watch.setContinuous(true);
  grow(4, 4);
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([]);
  queue.waiting = 3;
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([4]);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ChangeFeed } from '#engine/change-feed.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { SocketView } from '#shared/contract/models.ts';

const socket = (id: number, bytesIn: number): SocketView => ({
  id,
  endpoint: 'e1',
  role: 'accepted',
  transport: 'tcp',
  framing: 'raw',
  security: '',
  badFrame: 'resynchronise',
  framingStopped: false,
  readingStopped: false,
  state: 'connected',
  local: '',
  peer: '',
  bytesIn,
  bytesOut: 0,
  messagesIn: 0,
  messagesOut: 0,
  queued: 0,
  writeEnded: false,
  readEnded: false,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('however much happens, changes are told at most 30 times a second, each as it is then', () => {
  const told: WorkbenchEvent[] = [];
  let bytes = 0;
  const feed = new ChangeFeed({ endpoint: () => undefined, socket: (id) => (id === 1 ? socket(1, bytes) : undefined) });
  feed.subscribe((event) => told.push(event));
  for (let ms = 0; ms < 1_000; ms += 1) {
    bytes += 100;
    feed.socketChanged(1);
    vi.advanceTimersByTime(1);
  }
  vi.runAllTimers();
  expect(told.length).toBeGreaterThanOrEqual(20);
  expect(told.length).toBeLessThanOrEqual(32);
  expect(told.at(-1)).toEqual({ kind: 'sockets', changed: [socket(1, 100_000)], removed: [] });
  feed.stop();
});

test('what is gone by then is told as removed', () => {
  const told: WorkbenchEvent[] = [];
  const feed = new ChangeFeed({ endpoint: () => undefined, socket: () => undefined });
  feed.subscribe((event) => told.push(event));
  feed.socketChanged(7);
  feed.endpointChanged('e3');
  vi.runAllTimers();
  expect(told).toEqual([
    { kind: 'endpoints', changed: [], removed: ['e3'] },
    { kind: 'sockets', changed: [], removed: [7] },
  ]);
  feed.stop();
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Inbound } from '#engine/connections/inbound.ts';
import { Lifecycle } from '#engine/connections/lifecycle.ts';
import { defaultServer } from '#shared/contract/endpoint-config.ts';
import { MemoryLog } from '#support/memory-log.ts';
import { acceptedSocket } from '#support/session.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a connection with an idle gap of 50 ms receives, and the messages so far. */
function gapped() {
  const log = new MemoryLog();
  const lifecycle = new Lifecycle(log, acceptedSocket, () => {});
  const config = { ...defaultServer, framing: { kind: 'gap', ms: 50 } } as const;
  const inbound = new Inbound({ log, lifecycle, config, messages: false, took: () => {} });
  return {
    inbound,
    receive: (text: string) => inbound.receive(Buffer.from(text), 0),
    messages: () => log.records.flatMap(({ kind, bytes }) => (kind === 'in' ? [String(bytes)] : [])),
  };
}

test('an idle gap ends a message by the timer, and by the next read where that is late', () => {
  const { receive, messages } = gapped();
  receive('one ');
  vi.advanceTimersByTime(30);
  receive('message');
  expect(messages()).toEqual([]);
  vi.advanceTimersByTime(60);
  expect(messages()).toEqual(['one message']);
  receive('another');
  vi.advanceTimersByTime(60);
  expect(messages()).toEqual(['one message', 'another']);
});

test('a silence of our own making, while reading is paused, ends no message', () => {
  const { inbound, receive, messages } = gapped();
  receive('one ');
  vi.advanceTimersByTime(20);
  inbound.stopClock();
  vi.advanceTimersByTime(1_000);
  inbound.startClock();
  receive('message');
  expect(messages()).toEqual([]);
  vi.advanceTimersByTime(60);
  expect(messages()).toEqual(['one message']);
  inbound.stopClock();
  vi.advanceTimersByTime(1_000);
  inbound.startClock();
  receive('another');
  vi.advanceTimersByTime(60);
  expect(messages()).toEqual(['one message', 'another']);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Inbound } from '#engine/connections/inbound.ts';
import { Lifecycle } from '#engine/connections/lifecycle.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
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
  const inbound = new Inbound({
    log,
    lifecycle,
    config,
    messageOriented: false,
    overdue: () => {},
    received: () => {},
  });
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

/** What a connection receives whose framing is `framing`, and how often it has told that a message is overdue. */
function framed(framing: FramingSpec, maxMessage = defaultServer.limits.maxMessage) {
  const log = new MemoryLog();
  const lifecycle = new Lifecycle(log, acceptedSocket, () => {});
  const config = { ...defaultServer, framing, limits: { ...defaultServer.limits, maxMessage } };
  const overdue = vi.fn();
  const inbound = new Inbound({ log, lifecycle, config, messageOriented: false, overdue, received: () => {} });
  const receive = (bytes: string | readonly number[]) =>
    inbound.receive(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Uint8Array.from(bytes), 0);
  return { inbound, overdue, receive };
}

const length: FramingSpec = { kind: 'length', size: 2, endian: 'be', offset: 0, inclusive: false };

test('a message that waits for bytes is overdue after a second, and that is told once', () => {
  const { inbound, overdue, receive } = framed(length);
  receive([0xff, 0xff, 1, 2, 3]);
  vi.advanceTimersByTime(999);
  expect([inbound.overdue, overdue.mock.calls.length]).toEqual([false, 0]);
  expect(inbound.incomplete).toEqual({ bytes: 5, missing: 65_532, says: 65_535, header: 2 });
  vi.advanceTimersByTime(1);
  expect([inbound.overdue, overdue.mock.calls.length]).toEqual([true, 1]);
  receive([4]);
  expect(inbound.incomplete).toEqual({ bytes: 6, missing: 65_531, says: 65_535, header: 2 });
  vi.advanceTimersByTime(60_000);
  expect(overdue).toHaveBeenCalledOnce();
  inbound.end();
  expect([inbound.overdue, inbound.incomplete]).toEqual([false, undefined]);
});

test('messages that are complete within a second are never overdue, however many there are', () => {
  const { overdue, receive, inbound } = framed({ kind: 'fixed', size: 4, pad: '00' });
  for (let read = 0; read < 1_000; read += 1) {
    receive('ab');
    vi.advanceTimersByTime(100);
    receive('cdef');
    vi.advanceTimersByTime(100);
    receive('gh');
  }
  expect(overdue).not.toHaveBeenCalled();
  expect(inbound.incomplete).toBeUndefined();
});

test('a message that is out in pieces is counted as a whole', () => {
  const { inbound, receive } = framed({ kind: 'fixed', size: 102, pad: '00' }, 10);
  receive([...new Uint8Array(32)]);
  expect(inbound.incomplete).toEqual({ bytes: 32, missing: 70, header: 0 });
  receive([...new Uint8Array(70)]);
  expect(inbound.incomplete).toBeUndefined();
});

test('another framing begins the second of what waits again', () => {
  const { inbound, receive } = framed(length);
  receive('{"a":');
  vi.advanceTimersByTime(2_000);
  expect(inbound.overdue).toBe(true);
  inbound.reframe({ kind: 'json' }, 'resynchronise');
  expect([inbound.overdue, inbound.incomplete]).toEqual([false, { bytes: 5, missing: 0 }]);
  vi.advanceTimersByTime(1_000);
  expect(inbound.overdue).toBe(true);
  receive('1}');
  expect([inbound.overdue, inbound.incomplete]).toEqual([false, undefined]);
});

test.each<[string, FramingSpec, string]>([
  ['json', { kind: 'json' }, '{}\n '],
  ['xml', { kind: 'xml' }, '<a/>\n'],
  ['http', { kind: 'http' }, 'GET / HTTP/1.1\r\n\r\n\r\n'],
  ['slip', { kind: 'slip' }, 'ab\xc0\xc0'],
  ['cobs', { kind: 'cobs' }, '\x02a\0\0'],
])('what stands between messages of %s is no incomplete message', (_name, framing, text) => {
  const { inbound, receive } = framed(framing);
  receive(text);
  expect(inbound.incomplete).toBeUndefined();
});

test('the body of an HTTP message says how much of it is missing, and a line does not', () => {
  const http = framed({ kind: 'http' });
  const header = 'POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n';
  http.receive(`${header}abc`);
  expect(http.inbound.incomplete).toEqual({
    name: 'Content-Length',
    bytes: header.length + 3,
    missing: 7,
    says: 10,
    header: header.length,
    atLeast: false,
  });
  const lsp = framed({ kind: 'lsp' });
  lsp.receive('Content-Length: 9\r\n\r\nab');
  expect(lsp.inbound.incomplete).toMatchObject({ bytes: 23, missing: 7, header: 21, name: 'Content-Length' });
  const line = framed({ kind: 'delimiter', delimiter: '0a' });
  line.receive('one\ntwo');
  expect(line.inbound.incomplete).toEqual({ bytes: 3, missing: 0 });
});

/** The times at which a log gets records and events, in its order. */
function timed(log: MemoryLog) {
  const times: number[] = [];
  const messages = log.messages.bind(log);
  const event = log.event.bind(log);
  log.messages = (...args) => {
    times.push(args[2]);
    return messages(...args);
  };
  log.event = (...args) => {
    times.push(args[1]);
    return event(...args);
  };
  return times;
}

test('times of records never go back: not at the end of a stream, after a silence or another framing', () => {
  const log = new MemoryLog();
  const times = timed(log);
  const lifecycle = new Lifecycle(log, acceptedSocket, () => {});
  const config = { ...defaultServer, framing: { kind: 'gap', ms: 50 } } as const;
  const inbound = new Inbound({
    log,
    lifecycle,
    config,
    messageOriented: false,
    overdue: () => {},
    received: () => {},
  });
  const receive = (text: string) => {
    inbound.receive(Buffer.from(text), 0);
    vi.advanceTimersByTime(20);
    lifecycle.emit({ kind: 'problem', text: 'meanwhile' });
  };
  receive('silence');
  vi.advanceTimersByTime(60);
  receive('one\ntwo');
  inbound.reframe({ kind: 'delimiter', delimiter: '0a' }, 'resynchronise');
  receive('half');
  inbound.end();
  expect(log.records.filter(({ kind }) => kind === 'in')).toHaveLength(3);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

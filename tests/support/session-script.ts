import { statSync } from 'node:fs';
import fc from 'fast-check';
import { createSessionFile, jsonBlock, readsBlock, recordsBlock } from '#session/format/outgoing-block.ts';
import type { Reader } from '#session/query/reader.ts';
import { LogFile } from '#session/record/log-file.ts';
import { Recorder } from '#session/record/recorder.ts';
import type { RecorderOptions } from '#session/record/recorder-output.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { blockTypes } from '#shared/record/block.ts';
import type { LogSink, Row } from '#shared/record/record.ts';
import { sessionFormat, sessionVersion } from '#shared/record/session-json.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { payloadAt, windowAt } from './reader-rows.ts';

/** One step of what an engine might do to its log. */
export type Step =
  | {
      readonly do: 'run';
      readonly socket: number;
      readonly direction: 'in' | 'out';
      /** Bytes of the first message that came in earlier reads, and how long each message's part in this one is. */
      readonly carryOver: number;
      readonly sizes: readonly number[];
      /** Bytes of the chunk after the last message. */
      readonly rest: number;
      readonly flags: number;
      /** The bytes are printable ASCII. */
      readonly isText?: boolean;
    }
  /** Bytes of a stream that are missing: its next message stands after them. */
  | { readonly do: 'skip'; readonly socket: number; readonly direction: 'in' | 'out'; readonly length: number }
  | { readonly do: 'read'; readonly socket: number; readonly length: number }
  | { readonly do: 'event'; readonly socket: number; readonly event: SocketEvent }
  | { readonly do: 'flush' }
  /** Milliseconds that pass; a clock set back passes negative ones. */
  | { readonly do: 'wait'; readonly ms: number };

/** What the log must give back. `at` only to the microsecond. */
export interface Expected {
  readonly kind: Row['kind'];
  readonly socket: number;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly flags: number;
  readonly event?: SocketEvent;
}

/** What the log must say of one read. `at` only to the microsecond. */
export interface ExpectedRead {
  readonly socket: number;
  readonly offset: number;
  readonly at: number;
  readonly length: number;
}

const local = { host: '127.0.0.1', port: 12_345, family: 4 } as const;
const events: readonly SocketEvent[] = [
  { kind: 'listening', local, backlog: 5 },
  { kind: 'accepted', local, peer: { host: '::1', port: 51_422, family: 6 }, listener: 1 },
  { kind: 'ended' },
  { kind: 'bound', local, joined: '239.1.1.1' },
  { kind: 'peer-added', local, peer: { host: '::1', port: 51_422, family: 6 }, listener: 2 },
  { kind: 'waiting', attempt: 2, delayMs: 500 },
  { kind: 'reframed', framing: 'len:4be' },
  { kind: 'malformed', framing: 'cobs', offset: 7, text: 'a zero inside' },
  { kind: 'http', way: 'received', lines: ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket'] },
  { kind: 'control', way: 'sent', frame: 'ping', payload: '6869' },
  { kind: 'upgraded', url: 'ws://localhost/', protocol: 'chat', elapsedMs: 2 },
  { kind: 'opened', local, peer: local, elapsedMs: 1, why: 'the first that answered', handshake: 'TLS' },
  {
    kind: 'secured',
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    alpn: 'h2',
    serverName: 'localhost',
    trust: 'signed by a known authority',
    chain: [{ subject: 'a', issuer: 'b', names: ['localhost'], validFrom: 1, validTo: 2, fingerprint: 'AA:BB' }],
    elapsedMs: 3,
  },
  { kind: 'limited', limit: 'maxMessage', text: 'a message was cut after 16 MiB' },
  { kind: 'failed', call: 'recv', errno: 'ECONNRESET', text: 'connection reset by peer ✂' },
];

const socket = fc.integer({ min: 1, max: 3 });

/** Any interleaving of runs, events, flushes and time, with messages of no bytes and of more than a block holds. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('run' as const),
        socket,
        direction: fc.constantFrom('in' as const, 'out' as const),
        carryOver: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 700 })),
        sizes: fc.array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 600 })), { maxLength: 30 }),
        rest: fc.integer({ min: 0, max: 9 }),
        flags: fc.constantFrom(0, 0, 1, 2, 6, 16, 32),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('event' as const), socket, event: fc.constantFrom(...events) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('read' as const), socket, length: fc.integer({ min: 1, max: 900 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('wait' as const),
        ms: fc.oneof(
          fc.nat(5_000_000).map((micros) => micros / 1_000),
          fc.constantFrom(5_000_000, -500, -90_000),
        ),
      }),
    },
  ),
  { maxLength: 25 },
);

/**
 * Does `script` to `sink` and gives what it must have recorded; puts the reads into `reads`. Bytes are all different in
 * a row, so that order shows.
 */
export function perform(
  script: readonly Step[],
  sink: LogSink & Partial<Pick<Recorder, 'skip'>>,
  flush: () => void,
  reads: ExpectedRead[] = [],
): Expected[] {
  const readTo = new Map<number, number>();
  const received = new Map<number, number>();
  const expected: Expected[] = [];
  let at = 1_800_000_000_000;
  let next = 0;
  const bytesOf = (length: number, isText = false) => {
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index += 1) {
      next = (next + 1) % 251;
      bytes[index] = isText ? 0x20 + (next % 95) : next;
    }
    return bytes;
  };
  for (const step of script) {
    if (step.do === 'flush') flush();
    else if (step.do === 'wait') at += step.ms;
    else if (step.do === 'skip') sink.skip?.(step.socket, step.direction, step.length);
    else if (step.do === 'read') {
      const offset = readTo.get(step.socket) ?? 0;
      readTo.set(step.socket, offset + step.length);
      sink.read(step.socket, at, step.length);
      reads.push({ socket: step.socket, offset, at, length: step.length });
    } else if (step.do === 'event') {
      const seq = sink.event(step.socket, at, step.event);
      if (seq !== expected.length) throw new Error(`event ${expected.length} got number ${seq}`);
      const { kind } = step.event;
      expected.push({ kind, socket: step.socket, at, bytes: new Uint8Array(0), flags: 0, event: step.event });
    } else {
      const carryOver = bytesOf(step.sizes.length > 0 ? step.carryOver : 0, step.isText);
      const chunk = bytesOf(
        step.sizes.reduce((sum, size) => sum + size, step.rest),
        step.isText,
      );
      const boundaries = new Boundaries();
      let end = 0;
      const messages = step.sizes.map((size, index) => {
        const part = chunk.subarray(end, end + size);
        end += size;
        boundaries.push(end, 0, 0, step.flags);
        return index === 0 ? new Uint8Array(Buffer.concat([carryOver, part])) : part;
      });
      const seq = sink.messages(step.socket, step.direction, at, carryOver, chunk, boundaries);
      if (seq !== expected.length) throw new Error(`message ${expected.length} got number ${seq}`);
      if (step.direction === 'in' && messages.length > 0) {
        // What was recorded was read, noted or not.
        const to = (received.get(step.socket) ?? 0) + carryOver.length + end;
        received.set(step.socket, to);
        readTo.set(step.socket, Math.max(readTo.get(step.socket) ?? 0, to));
      }
      for (const bytes of messages) {
        expected.push({ kind: step.direction, socket: step.socket, at, bytes, flags: step.flags });
      }
    }
  }
  return expected;
}

/** Blocks so small that every script fills several, and large messages get their own. */
export const smallBlocks: Partial<RecorderOptions> = { capacity: 16, payloadCapacity: 256, maxAgeMs: 1_000_000 };

export interface WrittenSession {
  readonly expected: Expected[];
  readonly reads: ExpectedRead[];
  /** Where each block ends. */
  readonly ends: number[];
}

/** Writes a session of `script` to `path` without any thread. `end`: close it in order. */
export function writeSession(
  path: string,
  script: readonly Step[],
  end: boolean,
  options = smallBlocks,
): WrittenSession {
  const reads: ExpectedRead[] = [];
  const { value: expected, ends } = recordSession(
    path,
    (recorder) => {
      for (const id of [1, 2, 3]) {
        const about = { id, role: 'accepted', transport: 'tcp', endpoint: 'e', name: 'n', framing: 'raw' } as const;
        recorder.describe({ ...about, local: '', peer: `127.0.0.1:${id}` });
      }
      return perform(script, recorder, () => recorder.flush(), reads);
    },
    end,
    options,
  );
  return { expected, reads, ends };
}

/** Writes a session of what `record` does to `path` without any thread; gives what it gave, and where each block ends. */
export function recordSession<T>(
  path: string,
  record: (recorder: Recorder) => T,
  end: boolean,
  options = smallBlocks,
): { value: T; ends: number[] } {
  const header = {
    format: sessionFormat,
    version: sessionVersion,
    app: 'test',
    id: 'id',
    name: 'script',
    createdAt: '',
  } as const;
  const created = createSessionFile(path, header);
  if ('code' in created) throw new Error(created.system);
  const file = new LogFile(path, created.length);
  const ends = [created.length];
  const append = (block: Parameters<LogFile['append']>[0][number]) => {
    const failure = file.append([block]);
    if (failure) throw new Error(failure.system);
    ends.push(file.length);
  };
  const recorder = new Recorder(
    {
      sockets: (infos) => append(jsonBlock(blockTypes.sockets, infos, file.next)),
      reads: (reads) => append(readsBlock(reads, file.next)),
      records: (block) => append(recordsBlock(block)),
      awaited: () => undefined,
    },
    // A file may hold any times, as one that was imported does.
    { ascending: false, ...options },
  );
  const value = record(recorder);
  recorder.flush();
  const { next: records, messageCount: messages, bytes, problems } = recorder;
  recorder.stop();
  if (end) append(jsonBlock(blockTypes.end, { records, messages, bytes, problems }, file.next));
  file.close();
  if (statSync(path).size !== file.length) throw new Error('the file is not what was written');
  return { value, ends };
}

/** All records that `reader` has, in the shape of `Expected`. */
export function readAll(reader: Reader, upTo = Number.POSITIVE_INFINITY): Expected[] {
  const { total } = windowAt(reader, upTo, 0, 0);
  const records: Expected[] = [];
  // An odd step, so that questions begin within blocks.
  for (let first = 0; first < total; first += 37) {
    for (const row of windowAt(reader, upTo, first, 37).rows) {
      if (row.seq !== records.length) throw new Error(`row ${records.length} says it is ${row.seq}`);
      const payload = payloadAt(reader, upTo, row.seq, 0, row.length);
      if (!payload.ok) throw new Error(payload.error.message);
      const { kind, socket, at, flags, event } = row;
      const record = { kind, socket, at, bytes: payload.value.bytes, flags };
      records.push(event ? { ...record, event } : record);
    }
  }
  return records;
}

/** `records` but for their times, with bytes as hex: quick to compare and to read in a failure. */
export function comparable(records: readonly Expected[]): unknown[] {
  return records.map(({ at: _, bytes, ...record }) => ({ ...record, hex: Buffer.from(bytes).toString('hex') }));
}

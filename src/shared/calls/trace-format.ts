import { fail, ok, type Result } from '../failure.ts';

/*
 * What a tracer in a program writes: records of one call's start, one call's end, and of what both refer to. The same bytes
 * are written by resources/trace/python and resources/trace/node; docs/trace-format.md describes them for others. All of it
 * comes from a program of the user's, so it is hostile until it is read.
 */

/** The names of the calls, by their number in a record. The order is part of the format: new ones go to the end. */
const tracedCallNames = [
  ...[
    'socket',
    'bind',
    'listen',
    'accept',
    'connect',
    'connect_ex',
    'send',
    'sendall',
    'sendto',
    'sendmsg',
    'sendfile',
  ],
  ...['recv', 'recv_into', 'recvfrom', 'recvfrom_into', 'recvmsg', 'recvmsg_into', 'shutdown', 'close', 'detach'],
  ...['setsockopt', 'getsockopt', 'getsockname', 'getpeername', 'settimeout', 'setblocking', 'socketpair', 'dup'],
  ...[
    'getaddrinfo',
    'gethostbyname',
    'getnameinfo',
    'select',
    'poll',
    'epoll_wait',
    'kevent',
    'do_handshake',
    'unwrap',
  ],
  ...['read', 'readv', 'write', 'writev', 'sendmmsg', 'recvmmsg'],
] as const;

export type TracedCallName = (typeof tracedCallNames)[number];

/** A call that started. */
export interface CallStart {
  readonly kind: 'start';
  readonly call: TracedCallName;
  /** Whether it is a call of TLS: its bytes are the plain ones, and the system sees encrypted ones. */
  readonly isTls: boolean;
  /** The number of the call in its process. */
  readonly number: number;
  /** When it started, in nanoseconds of the system's monotonic clock. */
  readonly atNs: number;
  readonly thread: number;
  /** The descriptor of the socket. -1: none. */
  readonly descriptor: number;
  /** The number of the source line. 0: not known. */
  readonly source: number;
  /** The number of bytes that the call was given or asked for, or its first argument. */
  readonly amount: number;
  /** The other arguments: an address as `host:port`, or as the language shows them. */
  readonly detail: string;
}

/** A call that ended. */
export interface CallEnd {
  readonly kind: 'end';
  readonly call: TracedCallName;
  readonly number: number;
  readonly atNs: number;
  /** 0: it succeeded. -1: it failed without an error number. */
  readonly errno: number;
  /** What it returned: bytes, a descriptor, or the result of the system. */
  readonly result: number;
  /** The address that it returned, the error, or the result as the language shows it. */
  readonly detail: string;
  /** The first bytes that were sent or received. */
  readonly data: Uint8Array;
}

/** What the numbers of sources and threads stand for, and what the process is. */
type TraceFact =
  | { readonly kind: 'source'; readonly number: number; readonly line: number; readonly path: Uint8Array }
  | { readonly kind: 'thread'; readonly number: number; readonly name: string }
  | { readonly kind: 'about'; readonly about: string }
  | { readonly kind: 'exit' };

export type TraceRecord = CallStart | CallEnd | TraceFact;

const kinds = { skip: 0, start: 1, end: 2, source: 3, thread: 4, process: 5, exit: 6 } as const;

/** The number of a call has seven bits; the eighth says that it is a call of TLS. */
const callMask = 0x7f;
const tlsFlag = 0x80;

const headBytes = { start: 40, end: 40, text: 16 } as const;

/** The maximum number of bytes of a record: a payload of at most 1 MiB, texts and the head. */
const maxRecordBytes = 1_048_576 + 65_536 * 2 + 64;

const text = new TextDecoder();

/**
 * Reads all records of `bytes`, which begin and end at the limits of records. Fails on bytes that are not a record: what was
 * read before them is lost, as a program that writes such bytes cannot be trusted at all.
 */
export function readTraceRecords(bytes: Uint8Array): Result<TraceRecord[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: TraceRecord[] = [];
  let at = 0;
  while (at < bytes.length) {
    const size = bytes.length - at < 8 ? 0 : view.getUint32(at + 4, true);
    const isSkip = view.getUint8(at) === kinds.skip;
    if (size < 8 || size % 8 !== 0 || at + size > bytes.length || (!isSkip && size > maxRecordBytes))
      return garbage(at);
    if (!isSkip) {
      const record = readRecord(view, bytes, at, size);
      if (record === undefined) return garbage(at);
      records.push(record);
    }
    at += size;
  }
  return ok(records);
}

function garbage(at: number): Result<never> {
  return fail('bad-input', 'Could not read the calls of the program', {
    system: `the bytes at ${at} are not a record`,
    hint: 'Only the tracer of Wirebench may write to its channel.',
  });
}

/** Returns the record of `size` bytes at `at`; `undefined` if it is not one. */
function readRecord(view: DataView, bytes: Uint8Array, at: number, size: number): TraceRecord | undefined {
  switch (view.getUint8(at)) {
    case kinds.start:
      return readStart(view, bytes, at, size);
    case kinds.end:
      return readEnd(view, bytes, at, size);
    case kinds.exit:
      return { kind: 'exit' };
    case kinds.source:
    case kinds.thread:
    case kinds.process:
      return readFact(view, bytes, at, size);
    default:
      return undefined;
  }
}

function readStart(view: DataView, bytes: Uint8Array, at: number, size: number): CallStart | undefined {
  const code = view.getUint8(at + 1);
  const call = tracedCallNames[(code & callMask) - 1];
  const length = view.getUint16(at + 2, true);
  if (call === undefined || headBytes.start + length > size) return undefined;
  return {
    kind: 'start',
    call,
    isTls: (code & tlsFlag) !== 0,
    atNs: Number(view.getBigUint64(at + 8, true)),
    thread: view.getUint32(at + 16, true),
    number: view.getUint32(at + 20, true),
    descriptor: view.getInt32(at + 24, true),
    source: view.getUint32(at + 28, true),
    amount: Number(view.getBigInt64(at + 32, true)),
    detail: text.decode(bytes.subarray(at + headBytes.start, at + headBytes.start + length)),
  };
}

function readEnd(view: DataView, bytes: Uint8Array, at: number, size: number): CallEnd | undefined {
  const call = tracedCallNames[(view.getUint8(at + 1) & callMask) - 1];
  if (call === undefined || size < headBytes.end) return undefined;
  const detailLength = view.getUint32(at + 24, true);
  const dataLength = view.getUint32(at + 28, true);
  const detailAt = at + headBytes.end;
  const dataAt = detailAt + detailLength;
  if (dataAt + dataLength > at + size) return undefined;
  return {
    kind: 'end',
    call,
    atNs: Number(view.getBigUint64(at + 8, true)),
    number: view.getUint32(at + 16, true),
    errno: view.getInt32(at + 20, true),
    result: Number(view.getBigInt64(at + 32, true)),
    detail: text.decode(bytes.subarray(detailAt, dataAt)),
    data: bytes.subarray(dataAt, dataAt + dataLength),
  };
}

function readFact(view: DataView, bytes: Uint8Array, at: number, size: number): TraceFact | undefined {
  const length = view.getUint16(at + 2, true);
  if (headBytes.text + length > size) return undefined;
  const content = bytes.subarray(at + headBytes.text, at + headBytes.text + length);
  const number = view.getUint32(at + 8, true);
  switch (view.getUint8(at)) {
    case kinds.source:
      return { kind: 'source', number, line: view.getUint32(at + 12, true), path: content };
    case kinds.thread:
      return { kind: 'thread', number, name: text.decode(content) };
    default:
      return { kind: 'about', about: text.decode(content) };
  }
}

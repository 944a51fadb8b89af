import type { SocketInfo } from '../record/record.ts';
import type { SocketEvent } from '../socket/event.ts';

type CallEvent = Extract<SocketEvent, { kind: 'call' }>;

/** One record of a session as detectors see it. */
export interface InsightRecord {
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly socket: number;
  /** Offset of the first byte in the stream, and the number of bytes; 0 for events. */
  readonly offset: number;
  readonly length: number;
  /** A sum of `messageFlags`. */
  readonly flags: number;
  readonly event: SocketEvent | undefined;
  /** Returns bytes `[from, to)` of the message. */
  bytes(from: number, to: number): Uint8Array;
}

/** The bytes that one call moved, or one record of a socket whose calls are not recorded. */
export interface Transfer {
  /** The number of its first record. */
  readonly seq: number;
  /** Bytes `[from, to)` of the stream. */
  readonly from: number;
  readonly to: number;
  /** When the call began and returned, in milliseconds since the Unix epoch. */
  readonly startAt: number;
  readonly at: number;
  /** The bytes that the call asked for or gave; `undefined` where no call is recorded. */
  readonly asked: number | undefined;
  /** The number of bytes sent by this socket at that time: another value at the next read shows a reply. */
  readonly sentBefore: number;
  /** The last bytes, at most four, where they are recorded. */
  end?: Uint8Array;
}

/** A call that has not returned as far as the records show. */
interface WaitingCall {
  readonly seq: number;
  readonly event: CallEvent;
}

/** The maximum number of transfers of each direction that are remembered for a socket. */
const maxTransfers = 256;
const maxThreads = 4;

const sendCalls: ReadonlySet<string> = new Set(['send', 'sendall', 'sendto', 'sendmsg', 'sendfile']);
const receiveCalls: ReadonlySet<string> = new Set([
  'recv',
  'recv_into',
  'recvfrom',
  'recvfrom_into',
  'recvmsg',
  'recvmsg_into',
]);

/** Returns the direction of the bytes of a call; `undefined` for one that moves none. */
export function directionOf({ name }: CallEvent): 'in' | 'out' | undefined {
  if (receiveCalls.has(name)) return 'in';
  return sendCalls.has(name) ? 'out' : undefined;
}

/** What is remembered of one socket. Its size is bounded. */
export class SocketTrack {
  readonly id: number;
  info: SocketInfo;
  readonly reads: Transfer[] = [];
  readonly sends: Transfer[] = [];
  bytesIn = 0;
  bytesOut = 0;
  /** The names of the threads that made calls on it, with their processes. */
  readonly threads = new Set<string>();
  /** The call that waits. */
  waiting: WaitingCall | undefined;
  /** A timeout was set, or the socket does not block. */
  hasTimeout = false;
  /** The record that says that the connection is there. */
  opened: { readonly seq: number; readonly at: number } | undefined;
  /** The record with which it listens. */
  listening: { readonly seq: number; readonly at: number } | undefined;
  /** The peer's FIN was read. */
  ended: { readonly seq: number; readonly at: number } | undefined;
  closed: { readonly seq: number; readonly at: number } | undefined;
  /** The last recv() that asked for bytes: its record, where it reads, and how much it asked for. */
  lastAsked: { readonly seq: number; readonly from: number; readonly asked: number } | undefined;
  /** The record of the last call. */
  lastCall: WaitingCall | undefined;
  /** The source line of a call on it is known. */
  hasSource = false;
  /** SO_REUSEADDR was set. */
  reusesAddress = false;
  /** TCP_NODELAY was set. */
  sendsAtOnce = false;
  /** The reads that returned 0. */
  zeroReads = 0;

  constructor(info: SocketInfo) {
    this.id = info.id;
    this.info = info;
  }

  /** Returns true if a connection has byte-stream semantics, so that sends and reads need not match. */
  get isStream(): boolean {
    return this.info.transport !== 'udp';
  }

  /** Adds a record; returns true if transfers will be forgotten with the next one. */
  take(record: InsightRecord, direction: 'in' | 'out' | undefined): boolean {
    const { event, seq, at } = record;
    if (direction !== undefined) this.#message(record, direction);
    switch (event?.kind) {
      case 'call':
        this.#call(record, event);
        break;
      case 'opened':
      case 'accepted':
        this.opened ??= { seq, at };
        break;
      case 'listening':
        this.listening ??= { seq, at };
        break;
      case 'ended':
        this.ended ??= { seq, at };
        break;
      case 'closed':
        this.closed ??= { seq, at };
        break;
    }
    return this.reads.length >= maxTransfers || this.sends.length >= maxTransfers;
  }

  /** Forgets the older half of the transfers of a direction that has the maximum number. */
  forget(): void {
    for (const transfers of [this.reads, this.sends])
      if (transfers.length >= maxTransfers) transfers.splice(0, maxTransfers / 2);
  }

  #call({ seq, at }: InsightRecord, event: CallEvent): void {
    const { name, args, pid, thread, waits, result = 0, errno, startAt, offset } = event;
    if (event.origin === 'observed' && this.threads.size < maxThreads) this.threads.add(`${pid} ${thread}`);
    this.waiting = waits === true ? { seq, event } : undefined;
    this.lastCall = { seq, event };
    if (event.file !== undefined) this.hasSource = true;
    if (name === 'setsockopt') this.#option(args);
    if (directionOf(event) === 'in')
      this.lastAsked = { seq, from: offset ?? this.bytesIn, asked: Number.parseInt(args, 10) };
    if (waits === true || errno !== undefined) return;
    if (name === 'settimeout' && args !== 'None') this.hasTimeout = true;
    if (name === 'setblocking') this.hasTimeout = true;
    const direction = directionOf(event);
    if (direction === undefined || result < 0) return;
    const asked = Number.parseInt(args, 10);
    if (direction === 'in' && result === 0 && asked > 0) this.zeroReads += 1;
    if (result === 0) return;
    const from = offset ?? (direction === 'in' ? this.bytesIn : this.bytesOut);
    this.#add(direction, { seq, from, to: from + result, startAt, at, asked, sentBefore: this.bytesOut });
  }

  /** Notes an option: levels and names are those of Linux, as Python gives them, or the words of other tracers. */
  #option(args: string): void {
    if (/^1, 2, [1-9]|SO_REUSEADDR/.test(args)) this.reusesAddress = true;
    if (/^6, 1, [1-9]|TCP_NODELAY/.test(args)) this.sendsAtOnce = true;
  }

  #message(record: InsightRecord, direction: 'in' | 'out'): void {
    const { seq, at, offset, length } = record;
    const last = (direction === 'in' ? this.reads : this.sends).at(-1);
    const end = record.bytes(Math.max(0, length - 4), length);
    if (last?.asked !== undefined && last.from === offset) {
      if (last.to === offset + length) last.end = end;
      return;
    }
    const times = { startAt: at, at, asked: undefined, sentBefore: this.bytesOut };
    this.#add(direction, { seq, from: offset, to: offset + length, ...times, end });
  }

  #add(direction: 'in' | 'out', transfer: Transfer): void {
    if (direction === 'in') {
      this.reads.push(transfer);
      this.bytesIn = Math.max(this.bytesIn, transfer.to);
      this.zeroReads = 0;
    } else {
      this.sends.push(transfer);
      this.bytesOut = Math.max(this.bytesOut, transfer.to);
    }
  }
}

/** Returns how a socket is named in sentences: its program or endpoint. */
export function ownerOf({ info }: SocketTrack): string {
  return info.program ?? (info.name === '' ? `socket ${info.id}` : info.name);
}

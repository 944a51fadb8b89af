import type { SocketInfo } from '#shared/record/record.ts';
import { eventKindOf, type SocketEvent } from '#shared/socket/event.ts';

interface Offsets {
  in: number;
  out: number;
  /** The read part of the received stream: never less than `in`. */
  read: number;
}

/** The current offsets of each socket's two streams and of its reads. */
export class StreamOffsets {
  readonly #sockets = new Map<number, Offsets>();
  /** The last socket: a busy one is looked up many times in a row. */
  #last = 0;
  #lastOffsets: Offsets | undefined;

  /** Returns where the next `bytes` of this stream begin, and advances by them. */
  advance(socket: number, direction: 'in' | 'out', bytes: number): number {
    const offsets = this.#of(socket);
    const offset = offsets[direction];
    offsets[direction] = offset + bytes;
    // Without framing, reads are not noted: after a change of framing the next read follows what was recorded.
    if (direction === 'in' && offsets.read < offsets.in) offsets.read = offsets.in;
    return offset;
  }

  /** Returns where the next `bytes` read from this socket begin, and advances by them. */
  read(socket: number, bytes: number): number {
    const offsets = this.#of(socket);
    const offset = offsets.read;
    offsets.read = offset + bytes;
    return offset;
  }

  /** Drops a closed socket. */
  forget(socket: number): void {
    this.#sockets.delete(socket);
    this.#lastOffsets = undefined;
  }

  #of(socket: number): Offsets {
    if (this.#lastOffsets !== undefined && this.#last === socket) return this.#lastOffsets;
    let offsets = this.#sockets.get(socket);
    if (offsets === undefined) {
      offsets = { in: 0, out: 0, read: 0 };
      this.#sockets.set(socket, offsets);
    }
    this.#last = socket;
    this.#lastOffsets = offsets;
    return offsets;
  }
}

interface Lost {
  /** None of its records was kept: its further events need not be reported once it is closed. */
  fresh: boolean;
  records: number;
  bytes: number;
  /** The time of the last lost record. */
  at: number;
  info: SocketInfo | undefined;
  closed: SocketEvent | undefined;
}

/** The records that replace lost ones, once there is room again. */
interface Replacements {
  readonly infos: SocketInfo[];
  readonly events: { readonly socket: number; readonly at: number; readonly event: SocketEvent }[];
}

/** The socket number of records without a socket. */
const noSocket = 0;

/**
 * Counts the records for which there was no memory left while the session's file could not be written. Uses memory for
 * open sockets only, not for closed ones.
 */
export class Losses {
  readonly #sockets = new Map<number, Lost>();
  #records = 0;
  #bytes = 0;
  #goneSockets = 0;
  #goneRecords = 0;
  #at = 0;

  /** The number of lost records; `bytes` are the message bytes in them. */
  get records(): number {
    return this.#records;
  }

  get bytes(): number {
    return this.#bytes;
  }

  describe(info: SocketInfo): void {
    this.#of(info.id).info = info;
  }

  messages(socket: number, at: number, count: number, bytes: number): void {
    this.#add(this.#of(socket), at, count, bytes);
  }

  event(socket: number, at: number, event: SocketEvent): void {
    const lost = this.#of(socket);
    if (lost.records === 0) lost.fresh = eventKindOf(event.kind).firstOf !== undefined;
    this.#add(lost, at, 1, 0);
    if (event.kind !== 'closed') return;
    lost.closed = event;
    if (!lost.fresh) return;
    this.#sockets.delete(socket);
    this.#goneSockets += 1;
    this.#goneRecords += lost.records;
  }

  /** Returns what to record now: how many records of each socket are missing, and the end of those closed meanwhile. */
  replacements(): Replacements {
    const infos: Replacements['infos'] = [];
    const events: Replacements['events'] = [];
    if (this.#goneSockets > 0) {
      const text = `${this.#goneRecords} records of ${this.#goneSockets} connections that opened and closed were lost: ${why}`;
      events.push({ socket: noSocket, at: this.#at, event: limited(text) });
    }
    for (const [socket, { info, records, bytes, at, closed }] of this.#sockets) {
      if (info) infos.push(info);
      if (records === 0) continue;
      // Its end is not lost: it is recorded here.
      const missing = closed ? records - 1 : records;
      const text = `${missing} records with ${bytes} message bytes were lost: ${why}`;
      if (missing > 0) events.push({ socket, at, event: limited(text) });
      if (closed) events.push({ socket, at, event: closed });
    }
    return { infos, events };
  }

  #add(lost: Lost, at: number, records: number, bytes: number): void {
    lost.records += records;
    lost.bytes += bytes;
    lost.at = at;
    this.#records += records;
    this.#bytes += bytes;
    this.#at = at;
  }

  #of(socket: number): Lost {
    let lost = this.#sockets.get(socket);
    if (lost === undefined) {
      lost = { fresh: false, records: 0, bytes: 0, at: 0, info: undefined, closed: undefined };
      this.#sockets.set(socket, lost);
    }
    return lost;
  }
}

const why = 'the session file could not be written, and the memory for waiting records was full';

function limited(text: string): SocketEvent {
  return { kind: 'limited', limit: 'sessionMemory', text };
}

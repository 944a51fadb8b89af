import type { Boundaries } from '#shared/message/boundaries.ts';
import type { LogSink, RecordKind, SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';

/** A record as a test looks at it. `bytes` is the whole message, framing included. */
export interface MemoryRecord {
  readonly seq: number;
  readonly socket: number;
  readonly kind: RecordKind;
  readonly bytes: Buffer;
  readonly flags: number;
  readonly event?: SocketEvent;
}

/** A session log in memory, for tests of what the engine records. */
export class MemoryLog implements LogSink {
  readonly records: MemoryRecord[] = [];
  readonly sockets = new Map<number, SocketInfo>();
  readonly reads: { readonly socket: number; readonly length: number }[] = [];
  /** Bytes that are not there, in the order in which that was reported. */
  readonly skipped: { readonly socket: number; readonly direction: 'in' | 'out'; readonly length: number }[] = [];
  congested = false;
  stalled = false;
  readonly #waiting = new Set<() => void>();
  readonly #drains = new Set<() => void>();

  describe(info: SocketInfo): void {
    this.sockets.set(info.id, info);
  }

  read(socket: number, _at: number, length: number): void {
    this.reads.push({ socket, length });
    this.#wake();
  }

  skip(socket: number, direction: 'in' | 'out', length: number): void {
    this.skipped.push({ socket, direction, length });
  }

  event(socket: number, _at: number, event: SocketEvent): number {
    return this.#add({ socket, kind: event.kind, bytes: Buffer.alloc(0), flags: 0, event });
  }

  messages(
    socket: number,
    direction: 'in' | 'out',
    _at: number,
    carryOver: Uint8Array,
    bytes: Uint8Array,
    boundaries: Boundaries,
  ): number {
    const all = Buffer.concat([carryOver, bytes]);
    const first = this.records.length;
    let start = 0;
    for (let index = 0; index < boundaries.count; index += 1) {
      const end = (boundaries.ends[index] as number) + carryOver.length;
      const flags = boundaries.flags[index] as number;
      this.#add({ socket, kind: direction, bytes: Buffer.from(all.subarray(start, end)), flags });
      start = end;
    }
    return first;
  }

  onDrain(listener: () => void): () => void {
    this.#drains.add(listener);
    return () => this.#drains.delete(listener);
  }

  /** Ends the congestion, as the writer of a real log does when it has caught up. */
  drain(): void {
    this.congested = false;
    for (const listener of this.#drains) listener();
  }

  /** The bytes of one direction of one socket, in the order of their records. */
  stream(socket: number, direction: 'in' | 'out'): Buffer {
    return Buffer.concat(this.of(socket).flatMap((record) => (record.kind === direction ? [record.bytes] : [])));
  }

  /** How long that stream is. */
  streamLength(socket: number, direction: 'in' | 'out'): number {
    let length = 0;
    for (const record of this.records) {
      if (record.socket === socket && record.kind === direction) length += record.bytes.length;
    }
    return length;
  }

  of(socket: number): MemoryRecord[] {
    return this.records.filter((record) => record.socket === socket);
  }

  kinds(socket: number): RecordKind[] {
    return this.of(socket).map((record) => record.kind);
  }

  /** Resolves with what `find` gives once it gives something; asked again after every record and read. */
  async until<T>(find: (log: this) => T | undefined | false): Promise<T> {
    for (;;) {
      const found = find(this);
      if (found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #add(record: Omit<MemoryRecord, 'seq'>): number {
    const seq = this.records.length;
    this.records.push({ seq, ...record });
    this.#wake();
    return seq;
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

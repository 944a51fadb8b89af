import type { Boundaries } from '#shared/message/boundaries.ts';
import type { LogSink, RecordKind } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';

/** A log that keeps counts and nothing else, so that what a test measures is the engine. Hands on to `next`, if any. */
export class CountingLog implements LogSink {
  readonly congested = false;
  readonly stalled = false;
  /** Records, by kind. */
  readonly counts: Partial<Record<RecordKind, number>> = {};
  /** Bytes received, by socket. */
  readonly received = new Map<number, number>();
  /** Reads that were noted. */
  reads = 0;
  readonly #next: LogSink | undefined;
  readonly #waiting = new Set<() => void>();
  #seq = 0;

  constructor(next?: LogSink) {
    this.#next = next;
  }

  describe(info: Parameters<LogSink['describe']>[0]): void {
    this.#next?.describe(info);
  }

  read(socket: number, at: number, length: number): void {
    this.#next?.read(socket, at, length);
    this.reads += 1;
    this.#wake();
  }

  event(socket: number, at: number, event: SocketEvent): number {
    this.#next?.event(socket, at, event);
    if (event.kind === 'closed') this.received.delete(socket);
    return this.#count(event.kind, 1);
  }

  messages(
    socket: number,
    direction: 'in' | 'out',
    at: number,
    carryOver: Uint8Array,
    bytes: Uint8Array,
    boundaries: Boundaries,
  ): number {
    this.#next?.messages(socket, direction, at, carryOver, bytes, boundaries);
    if (direction === 'in') {
      const length = carryOver.length + (boundaries.ends[boundaries.count - 1] as number);
      this.received.set(socket, (this.received.get(socket) ?? 0) + length);
    }
    return this.#count(direction, boundaries.count);
  }

  onDrain(listener: () => void): () => void {
    return this.#next?.onDrain(listener) ?? (() => {});
  }

  of(kind: RecordKind): number {
    return this.counts[kind] ?? 0;
  }

  /** Resolves when `met` is true; asked again after every record and read. */
  async until(met: (log: this) => boolean): Promise<void> {
    while (!met(this)) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #count(kind: RecordKind, more: number): number {
    this.counts[kind] = this.of(kind) + more;
    this.#wake();
    this.#seq += more;
    return this.#seq - more;
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

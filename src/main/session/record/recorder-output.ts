import type { SocketInfo } from '#shared/record/record.ts';
import { type FilledBlock, filledSize, socketInfoSize } from '../format/filling-block.ts';
import { type FilledReads, readsSize } from '../format/filling-reads.ts';

/** Where the recorder hands over its buffers, in order. */
export interface RecorderOutput {
  /** Called before the first records block that names these sockets. */
  sockets(infos: SocketInfo[]): void;
  /** Called before the records block with the first message that these reads completed. */
  reads(reads: FilledReads): void;
  /** Transfers the buffer, as `reads` does; `Recorder.written` may return it. */
  records(block: FilledBlock): void;
  /** Called with true when something waits for the writes, with false when nothing does any more. */
  awaited(is: boolean): void;
}

export interface RecorderOptions {
  /** Records and payload bytes of one block; larger messages get a separate block. */
  readonly capacity: number;
  readonly payloadCapacity: number;
  /** The maximum time that a record waits until its block is handed over. */
  readonly maxAgeMs: number;
  /** Bytes that may wait for the writer before `congested`; their buffers use at most twice as much. */
  readonly maxWaiting: number;
  /** Bytes that may wait while the file cannot be written; beyond that, records are lost and counted. */
  readonly maxKept: number;
  /**
   * A record that is earlier than the one before it gets that one's time: a message completed by an idle gap or by the end of
   * its stream arrived before what was recorded meanwhile. Off for imports, which keep their times.
   */
  readonly ascending: boolean;
}

export const defaultOptions: RecorderOptions = {
  capacity: 8_192,
  payloadCapacity: 256 * 1_024,
  maxAgeMs: 20,
  maxWaiting: 32 * 1_048_576,
  maxKept: 128 * 1_048_576,
  ascending: true,
};

/** The bytes that were handed over and are not written yet, and whether they exceed the cap. */
export class Backlog {
  readonly #max: number;
  readonly #awaited: (is: boolean) => void;
  readonly #listeners = new Set<() => void>();
  #waiting = 0;
  #congested = false;

  /** Calls `awaited` with true when more than `max` bytes wait, and with false when the congestion ends. */
  constructor(max: number, awaited: (is: boolean) => void) {
    this.#max = max;
    this.#awaited = awaited;
  }

  /** Bytes. */
  get waiting(): number {
    return this.#waiting;
  }

  /** True from the moment when more than the cap waits until less than half of it does. */
  get congested(): boolean {
    return this.#congested;
  }

  /** Calls `listener` each time `congested` becomes false; returns a function that ends that. */
  onDrain(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(bytes: number): void {
    this.#waiting += bytes;
  }

  /** Counts `bytes` as written. */
  take(bytes: number): void {
    this.#waiting -= bytes;
    if (this.#waiting < this.#max / 2) this.drain();
  }

  /** Begins the congestion if more than the cap waits; called after everything that belongs together was added. */
  look(): void {
    if (this.#waiting <= this.#max || this.#congested) return;
    this.#congested = true;
    this.#awaited(true);
  }

  /** Ends the congestion, if any. */
  drain(): void {
    if (!this.#congested) return;
    this.#congested = false;
    this.#awaited(false);
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Hands buffers to the writer and counts them in the backlog. */
export class Handover {
  readonly #output: RecorderOutput;
  readonly #backlog: Backlog;

  constructor(output: RecorderOutput, backlog: Backlog) {
    this.#output = output;
    this.#backlog = backlog;
  }

  /** Hands over descriptions of sockets, if there are any. */
  sockets(infos: SocketInfo[]): void {
    if (infos.length === 0) return;
    this.#backlog.add(infos.length * socketInfoSize);
    this.#output.sockets(infos);
  }

  /** Hands over reads, if there are any. */
  reads(reads: FilledReads | undefined): void {
    if (reads === undefined) return;
    this.#backlog.add(readsSize(reads));
    this.#output.reads(reads);
  }

  records(block: FilledBlock): void {
    this.#backlog.add(filledSize(block));
    this.#output.records(block);
  }
}

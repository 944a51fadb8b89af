import type { SocketInfo } from '#shared/record/record.ts';
import type { FilledBlock } from './filling-block.ts';
import type { FilledReads } from './filling-reads.ts';

/** Where the recorder hands its buffers, in order. */
export interface RecorderOutput {
  /** Comes before the first records block that names these sockets. */
  sockets(infos: SocketInfo[]): void;
  /** Comes before the records block with the first message that these reads completed. */
  reads(reads: FilledReads): void;
  /** The buffer is given away, as that of reads is; `Recorder.written` may bring it back. */
  records(block: FilledBlock): void;
  /** Someone waits for what was handed over to be written (true), or no longer does. */
  awaited(is: boolean): void;
}

export interface RecorderOptions {
  /** Records and payload bytes of one block; larger messages get a block of their own. */
  readonly capacity: number;
  readonly payloadCapacity: number;
  /** How long a record waits at most before its block is handed over. */
  readonly maxAgeMs: number;
  /** Bytes that may wait for the writer before `congested`; what they lie in takes at most twice as much. */
  readonly maxWaiting: number;
  /** Bytes that may wait while the file cannot be written before records are lost, and counted. */
  readonly maxHeld: number;
  /**
   * A record that is earlier than the one before it gets the time of that one: a message that an idle gap or the end of
   * its stream completes came before what was recorded meanwhile. Not for what is imported, which has its own times.
   */
  readonly ascending: boolean;
}

export const defaultOptions: RecorderOptions = {
  capacity: 8_192,
  payloadCapacity: 256 * 1_024,
  maxAgeMs: 20,
  maxWaiting: 32 * 1_048_576,
  maxHeld: 128 * 1_048_576,
  ascending: true,
};

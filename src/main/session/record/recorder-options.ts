import type { SocketInfo } from '#shared/record/record.ts';
import type { FilledBlock } from '../format/filling-block.ts';
import type { FilledReads } from '../format/filling-reads.ts';

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

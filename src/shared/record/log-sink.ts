import type { Boundaries } from '../message/boundaries.ts';
import type { SocketEvent } from '../socket/event.ts';
import type { SocketInfo } from './record.ts';

/**
 * Where the engine records events and messages: the session log, or a wrapper such as the command line's printer. Records
 * are numbered densely from 0 in the order of these calls.
 */
export interface LogSink {
  /** Describes a socket: before its first record, and again when its addresses are known. */
  describe(info: SocketInfo): void;

  /** Records one event; returns its number. `at` in milliseconds since the epoch. */
  event(socket: number, at: number, event: SocketEvent): number;

  /**
   * Records a batch of messages of one socket and direction that one read completed (or one write sent). The messages
   * are `carryOver` followed by `bytes`, tiled by `boundaries`: the first one is `carryOver` and `bytes[0, ends[0])`, the next
   * `bytes[ends[0], ends[1])`, and so on. Bytes after the last boundary are not recorded yet. Copies the bytes before it
   * returns. Returns the number of the first message.
   */
  messages(
    socket: number,
    direction: 'in' | 'out',
    at: number,
    carryOver: Uint8Array,
    bytes: Uint8Array,
    boundaries: Boundaries,
  ): number;

  /**
   * Notes that one read of a stream delivered `length` bytes, so that the limits of the reads are known where framing
   * splits them into messages. Called before the messages that the read completes.
   */
  read(socket: number, at: number, length: number): void;

  /** True while more bytes wait to be written than the cap: the engine stops reading until `onDrain`. */
  readonly congested: boolean;

  /**
   * True while the log is congested and cannot be written. Nothing must be sent then either, because it could not be
   * recorded.
   */
  readonly stalled: boolean;

  /** Calls `listener` each time `congested` becomes false; returns a function that ends that. */
  onDrain(listener: () => void): () => void;
}

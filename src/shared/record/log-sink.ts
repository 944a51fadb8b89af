import type { Boundaries } from '../message/boundaries.ts';
import type { SocketEvent } from '../socket/event.ts';
import type { SocketInfo } from './record.ts';

/**
 * Where the engine records what happens. The session log is one; the command line's printer wraps another. Records are
 * numbered densely from 0 in the order of these calls.
 */
export interface LogSink {
  /** Describes a socket: before its first record, and again when its addresses are known. */
  describe(info: SocketInfo): void;

  /** Records one lifecycle event; gives its number. `at` in milliseconds since the epoch. */
  event(socket: number, at: number, event: SocketEvent): number;

  /**
   * Records a run of messages of one socket and direction that one read completed (or one write carried). The messages
   * are `held` followed by `bytes`, tiled by `boundaries`: the first one is `held` and `bytes[0, ends[0])`, the next
   * `bytes[ends[0], ends[1])`, and so on. What lies behind the last cut is not recorded yet. Copies before it returns.
   * Gives the number of the first message.
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
   * Notes that one read of a stream delivered `length` bytes: where framing cuts messages, so that the boundaries between
   * the reads are not lost. Comes before the messages that the read completes.
   */
  read(socket: number, at: number, length: number): void;

  /** True while more waits to be written than the cap: the engine stops reading until `onDrain`. */
  readonly congested: boolean;

  /**
   * True while the log is congested and cannot be written: then nothing more is to be sent either, for what is sent could
   * not be recorded.
   */
  readonly stalled: boolean;

  /** Calls `listener` each time `congested` turns false; gives the function that stops that. */
  onDrain(listener: () => void): () => void;
}

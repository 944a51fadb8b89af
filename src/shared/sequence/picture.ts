import type { Row, SocketInfo } from '../record/record.ts';
import type { Lifeline } from './lifelines.ts';
import type { RowCall } from './row-calls.ts';

/** A row of the sequence: a record and its index among the records that are shown. */
export interface PlacedRow {
  readonly at: number;
  readonly row: Row;
}

/** A call as a box in the lifeline of its socket. It lasts from the row `from` to the row `at`, in which it returned. */
export interface CallBox extends RowCall {
  readonly at: number;
  readonly seq: number;
  readonly from: number;
  /** It began before the first row, or had not returned in the last one. */
  readonly beganBefore: boolean;
  readonly endsAfter: boolean;
}

/** What an arrow stands for: bytes of a send in a recv, a segment that the kernel sent, or the socket that accept() returned. */
export type ArrowKind = 'bytes' | 'SYN' | 'SYN, ACK' | 'FIN' | 'RST' | 'socket';

/** An arrow between two lifelines. An end without a socket is that of a peer that is not in the session, or not in these rows. */
export interface Arrow {
  readonly kind: ArrowKind;
  readonly from: ArrowEnd;
  readonly to: ArrowEnd;
  /** The number of bytes, and the offset of the first one in the stream. */
  readonly bytes: number;
  readonly offset: number;
}

export interface ArrowEnd {
  readonly socket: number | undefined;
  readonly at: number;
}

/** The state of a socket from a row on, in the words of TCP (RFC 9293, section 3.3.2). */
export interface StateChange {
  readonly socket: number;
  readonly at: number;
  readonly state: 'LISTEN' | 'BOUND' | 'SYN-SENT' | 'ESTABLISHED' | 'FIN-WAIT' | 'CLOSE-WAIT' | 'CLOSED' | 'RESET';
}

/** What waits at a socket after a row: bytes that were not read, or connections in the backlog. */
export interface Gauge {
  readonly kind: 'unread' | 'backlog';
  readonly socket: number;
  readonly at: number;
  readonly amount: number;
}

/** The picture of consecutive rows: everything is placed by the index of its row, and by its socket. */
export interface SequenceLayout {
  readonly boxes: readonly CallBox[];
  readonly arrows: readonly Arrow[];
  readonly states: readonly StateChange[];
  readonly gauges: readonly Gauge[];
}

/** What is known of the sockets: they are the same for each part of a session. */
export interface SequenceSockets {
  readonly infos: ReadonlyMap<number, SocketInfo>;
  readonly lifelines: ReadonlyMap<number, Lifeline>;
}

import type { SocketEvent } from '../socket/event.ts';
import type { InsightRecord, SocketTrack } from './socket-track.ts';

/** How serious an insight is: `error` loses data or stops a program, `warning` does so with other timing, `note` explains. */
export const severities = ['note', 'warning', 'error'] as const;
export type Severity = (typeof severities)[number];

/** What a detector found in a session. */
export interface Insight {
  readonly id: string;
  readonly severity: Severity;
  /** The socket that it is about. */
  readonly socket: number;
  readonly sentence: string;
  /** What to change in the program. */
  readonly advice: string;
  /** The numbers of the records that show it, ascending. */
  readonly evidence: readonly number[];
}

/** What a detector knows of the session beside the record. */
export interface InsightContext {
  /** Returns the other end of the connection of a socket, where the session has it. */
  other(track: SocketTrack): SocketTrack | undefined;
  /** The sockets that the session has records of, at most `maxTracks`. */
  readonly tracks: ReadonlyMap<number, SocketTrack>;
  /** Reports an insight about a socket; the second one of the same id and socket is ignored. */
  found(track: SocketTrack, sentence: string, evidence: readonly number[]): void;
}

/** The kinds of records that detectors distinguish. */
type Handler<Kind extends SocketEvent['kind']> = (
  record: InsightRecord & { readonly event: Extract<SocketEvent, { kind: Kind }> },
  track: SocketTrack,
) => void;

/**
 * One run of a detector over the records of a session, in order. Handlers are called after the record was added to the track of
 * its socket. `settle` is called when enough is known of a socket: when it is closed, before its oldest transfers are
 * forgotten, and at the end of what the session has; it may be called again.
 */
export interface Detector {
  readonly on?: { readonly [Kind in SocketEvent['kind']]?: Handler<Kind> };
  message?(record: InsightRecord, track: SocketTrack, direction: 'in' | 'out'): void;
  /** `now`: milliseconds since the Unix epoch. */
  settle?(track: SocketTrack, now: number): void;
}

/** One insight: its file and its line in the catalogue are all there is to add. */
export interface InsightKind {
  /** Lower case with hyphens; the value of the filter field `insight`. */
  readonly id: string;
  readonly severity: Severity;
  /** What it says in general, for tables. */
  readonly title: string;
  /** What to change in the program. */
  readonly advice: string;
  /** The records that it needs, for the documentation. */
  readonly evidence: string;
  start(context: InsightContext): Detector;
}

import { eventKindOf, eventKinds, type SocketEvent, type SocketEventKind } from '../socket/event.ts';
import type { SocketFacts } from '../socket/socket-facts.ts';

/** A record is a message received or sent, or an event. */
export type RecordKind = 'in' | 'out' | SocketEventKind;

/** The code of each kind in the session file. Codes are never used again; 2 to 15 are reserved for other data records. */
export const kindCodes = {
  in: 0,
  out: 1,
  ...Object.fromEntries(eventKinds.map(({ kind, code }) => [kind, code])),
} as Readonly<Record<RecordKind, number>>;

const kindsByCode = new Map<number, RecordKind>(
  (Object.entries(kindCodes) as [RecordKind, number][]).map(([kind, code]) => [code, kind]),
);

/** Returns the kind that `code` stands for in a session file, or `undefined` for a code this version does not know. */
export function kindOfCode(code: number): RecordKind | undefined {
  return kindsByCode.get(code);
}

/** Returns true where a record carries bytes of a stream, false for events. */
export function isMessageCode(code: number): boolean {
  return code < 16;
}

/** Returns true for the records that a session counts as problems. */
export function isProblem(kind: RecordKind): boolean {
  return kind !== 'in' && kind !== 'out' && eventKindOf(kind).isProblem === true;
}

/** The description of a socket, written to the session before its first record and again when it changes. The last one is valid. */
export interface SocketInfo extends SocketFacts {
  /** Unique in the session, from 1. */
  readonly id: number;
  /** The name that a person gave to its endpoint. */
  readonly name: string;
  /** The framing in the command line's spelling: `raw`, `line`, `json` … */
  readonly framing: string;
}

/** One record as the page and exports see it. Its bytes stay in the session file: a row has only their `preview`. */
export interface Row {
  readonly seq: number;
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly at: number;
  readonly kind: RecordKind;
  readonly socket: number;
  /** Offset of the first byte in the stream of this socket and direction; 0 for events. */
  readonly offset: number;
  /** All bytes, framing included; 0 for events. */
  readonly length: number;
  /** Framing bytes before and after the message itself. */
  readonly head: number;
  readonly tail: number;
  /** A sum of `messageFlags`. */
  readonly flags: number;
  /** The first bytes of the message as one line of text; an event's sentence. */
  readonly preview: string;
  /** The event, for a record that is one. */
  readonly event?: SocketEvent | undefined;
  /** The mark that a person set. */
  readonly mark?: { readonly bookmarked: boolean; readonly note: string } | undefined;
}

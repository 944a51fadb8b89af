import { eventKindOf, eventKinds, type SocketEvent, type SocketEventKind } from '../socket/event.ts';
import type { SocketFacts } from '../socket/socket-facts.ts';

/** The kind of a record: a message received or sent, or one kind of event. */
export type RecordKind = 'in' | 'out' | SocketEventKind;

/** The code of each kind in the session file. Codes are never reused; 2 to 15 are reserved for other data records. */
export const kindCodes = {
  in: 0,
  out: 1,
  ...Object.fromEntries(eventKinds.map(({ kind, code }) => [kind, code])),
} as Readonly<Record<RecordKind, number>>;

const kindsByCode = new Map<number, RecordKind>(
  (Object.entries(kindCodes) as [RecordKind, number][]).map(([kind, code]) => [code, kind]),
);

/** Returns the kind for `code` in a session file, or `undefined` for a code that this version does not know. */
export function kindOfCode(code: number): RecordKind | undefined {
  return kindsByCode.get(code);
}

/** Returns true for records that carry bytes of a stream, false for events. */
export function isMessageCode(code: number): boolean {
  return code < 16;
}

/** Returns true for the kinds that a session counts as problems. */
export function isProblem(kind: RecordKind): boolean {
  return kind !== 'in' && kind !== 'out' && eventKindOf(kind).isProblem === true;
}

/** What is known of a socket, recorded before its first record and again when it changes. The last one is valid. */
export interface SocketInfo extends SocketFacts {
  /** Unique in the session, from 1. */
  readonly id: number;
  /** The display name of its endpoint. */
  readonly name: string;
  /** The framing in the spelling of the command line: `raw`, `line`, `json` … */
  readonly framing: string;
}

/** One record as the page and exports see it. Bytes stay in the session file: a row has only their `preview`. */
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
  /** The first bytes of the message as one line of text; the sentence of an event. */
  readonly preview: string;
  /** The event itself. */
  readonly event?: SocketEvent | undefined;
  /** The mark on the record. */
  readonly mark?: { readonly bookmarked: boolean; readonly note: string } | undefined;
}

import type { SocketEvent, SocketEventKind } from '../socket/event.ts';
import type { Transport } from '../socket/transports.ts';

/** What a record is: a message received or sent, or one lifecycle event. */
export type RecordKind = 'in' | 'out' | SocketEventKind;

/** The code of each kind in the session file. Codes are never reused; 2 to 15 are kept for other data records. */
export const kindCodes = {
  in: 0,
  out: 1,
  listening: 16,
  resolved: 17,
  connecting: 18,
  accepted: 19,
  opened: 20,
  shutdown: 21,
  ended: 22,
  paused: 23,
  resumed: 24,
  limited: 25,
  failed: 26,
  closed: 27,
  problem: 28,
  bound: 29,
  'peer-added': 30,
  waiting: 31,
  secured: 32,
  upgraded: 33,
  reframed: 34,
  malformed: 35,
  http: 36,
  control: 37,
} as const satisfies Readonly<Record<RecordKind, number>>;

const kindsByCode = new Map<number, RecordKind>(
  (Object.entries(kindCodes) as [RecordKind, number][]).map(([kind, code]) => [code, kind]),
);

/** The kind that `code` stands for in a session file, or `undefined` for a code this version does not know. */
export function kindOfCode(code: number): RecordKind | undefined {
  return kindsByCode.get(code);
}

/** True where a record carries bytes of a stream, false for lifecycle events. */
export function isMessageCode(code: number): boolean {
  return code < 16;
}

/** True for the records that a session counts as problems. */
export function isProblem(kind: RecordKind): boolean {
  return kind === 'failed' || kind === 'limited' || kind === 'problem' || kind === 'malformed';
}

/** What is known of a socket, written to the log before its first record and again when it changes. Last one wins. */
export interface SocketInfo {
  /** Unique in the session, from 1. */
  readonly id: number;
  readonly role: 'listener' | 'accepted' | 'outgoing';
  readonly transport: Transport;
  /** The endpoint it belongs to, and the name a person gave it. */
  readonly endpoint: string;
  readonly name: string;
  /** `address:port` (`[address]:port` in IPv6), empty while unknown. */
  readonly local: string;
  readonly peer: string;
  /** The framing in the command line's spelling: `raw`, `line`, `json` … */
  readonly framing: string;
  /** True of the sockets of a UDP client that called no connect(). */
  readonly unconnected?: boolean | undefined;
}

/** One record as the page and exports see it. Bytes stay in the log: `preview` is all a row carries of them. */
export interface Row {
  readonly seq: number;
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly at: number;
  readonly kind: RecordKind;
  readonly socket: number;
  /** Offset of the first byte in the stream of this socket and direction; 0 for lifecycle events. */
  readonly offset: number;
  /** Bytes in all, framing included; 0 for lifecycle events. */
  readonly length: number;
  /** Framing bytes before and after the message itself. */
  readonly head: number;
  readonly tail: number;
  /** A sum of `messageFlags`. */
  readonly flags: number;
  /** The first bytes of the message as one line of text; a lifecycle event's sentence. */
  readonly preview: string;
  /** The lifecycle event itself. */
  readonly event?: SocketEvent | undefined;
  /** What a person left there. */
  readonly mark?: { readonly bookmarked: boolean; readonly note: string } | undefined;
}

import type { Boundaries } from '../message/boundaries.ts';
import { eventKindOf, eventKinds, type SocketEvent, type SocketEventKind } from '../socket/event.ts';
import { isObserved, type SocketFacts } from '../socket/state.ts';

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

/** The verdicts on the checksum of a received message; `bad` also if the message is too short for it. */
export const checksumVerdicts = ['ok', 'bad'] as const;
export type ChecksumVerdict = (typeof checksumVerdicts)[number];

/** The maximum length of the spelling of a checksum, in UTF-16 units. */
export const maxChecksumLength = 100;

/** What is known of a socket, recorded before its first record and again when it changes. The last one is valid. */
export interface SocketInfo extends SocketFacts {
  /** Unique in the session, from 1. */
  readonly id: number;
  /** The display name of its endpoint. */
  readonly name: string;
  /** The framing in the spelling of the command line: `raw`, `line`, `json` … */
  readonly framing: string;
  /** The checksum that each received message must end with, in the spelling of the command line; left out where none is checked. */
  readonly checksum?: string | undefined;
  /** The traced program that it belongs to, as `server.py (4711)`: its name and process id. Left out for Wirebench's own sockets. */
  readonly program?: string | undefined;
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
  /** The verdict on the checksum of a received message; left out where it is not checked. */
  readonly checksum?: ChecksumVerdict | undefined;
  /** The event itself. */
  readonly event?: SocketEvent | undefined;
  /** The mark on the record. */
  readonly mark?: { readonly bookmarked: boolean; readonly note: string } | undefined;
}

/**
 * Returns an event as one sentence in the words of the socket calls, as the table and exports show it. A connection that was
 * only observed (`socket`) has no own side: its sentence names the address of the side that acted.
 */
export function describeEvent(event: SocketEvent, socket?: SocketFacts): string {
  const kind = eventKindOf(event.kind);
  const isNamed = socket && isObserved(socket) && socket.local !== '' && socket.peer !== '';
  return (isNamed ? kind.observed?.(event, socket) : undefined) ?? kind.text(event);
}

// Records come in order, so the second is mostly the same as before: formatting it is the expensive part.
let lastSecond = Number.NaN;
let lastText = '';

/**
 * Returns the microseconds from `base` to `at`, rounded; both in milliseconds since the epoch, `base` without a fraction. Their difference
 * is exact, whereas `at * 1_000` is rounded to a quarter of a microsecond: its result could differ from that of a stored time.
 */
export function microsFrom(base: number, at: number): number {
  return Math.round((at - base) * 1_000);
}

/** Returns `at` (milliseconds since the epoch, with a fraction) as ISO 8601 in UTC, to the microsecond. */
export function isoMicros(at: number): string {
  const whole = Math.floor(at);
  const micros = whole * 1_000 + microsFrom(whole, at);
  const second = Math.floor(micros / 1_000_000);
  if (second !== lastSecond) {
    lastText = new Date(second * 1_000).toISOString().slice(0, -4);
    lastSecond = second;
  }
  return `${lastText}${String(1_000_000 + micros - second * 1_000_000).slice(1)}Z`;
}

/** A bookmark or a note on a record. Of several marks on one record the last in the file is valid. */
export interface Mark {
  readonly seq: number;
  readonly bookmarked: boolean;
  /** Empty if there is no note. */
  readonly note: string;
}

/** The maximum length of a note, in UTF-16 units. */
export const maxNoteLength = 4_096;

/** Returns the marks in the JSON of a marks block. Skips entries that are not marks: the file is hostile until parsed. */
export function parseMarks(text: string): Mark[] {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    return [];
  }
  return Array.isArray(values) ? values.flatMap((value) => markOf(value) ?? []) : [];
}

function markOf(value: unknown): Mark | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { seq, bookmarked, note }: { seq?: unknown; bookmarked?: unknown; note?: unknown } = value;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) return undefined;
  return { seq, bookmarked: bookmarked === true, note: typeof note === 'string' ? note.slice(0, maxNoteLength) : '' };
}

/**
 * The maximum time in milliseconds until a record is in the file, on a machine whose cores are all busy: stated of a session
 * whose process was killed. It is 20 to 50 ms while the writer thread runs; the kill attacks measure it.
 */
export const recordingDelayMs = 500;

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

  /** Skips the next `length` bytes of a stream, which are missing: what is recorded next begins after them. */
  skip?(socket: number, direction: 'in' | 'out', length: number): void;

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

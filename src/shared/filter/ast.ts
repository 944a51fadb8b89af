import type { ChecksumVerdict, RecordKind } from '../record/record.ts';
import type { SocketEvent } from '../socket/event.ts';
import type { Comparison, ExactNumber } from './exact-number.ts';

/** A property of a record, tested with its bare name. */
export type FlagName =
  | 'in'
  | 'out'
  | 'message'
  | 'bookmarked'
  | 'problem'
  | 'call'
  | 'truncated'
  | 'part'
  | 'incomplete'
  | 'malformed'
  | 'filler';
/** `seq` is the record's number, `len` its bytes with framing, as shown in the table. */
export type NumberField = 'seq' | 'socket' | 'len';
/** Properties of a call. `source` is the line that made it, as `server.py:12`. */
export type CallField = 'call.name' | 'call.errno' | 'source';
/**
 * Properties of the record's socket, the note on the record, and properties of a call. `endpoint` is the endpoint's name,
 * `endpoint.id` its id, `program` the traced program.
 */
export type StringField = 'peer' | 'local' | 'transport' | 'endpoint' | 'endpoint.id' | 'program' | 'note' | CallField;
export type StringTest = '==' | '!=' | 'contains' | 'matches';

/** One step into a tree: a key (an XML element or `@attribute`), an index from 0, or any element of an array (`[*]`). */
export type PathStep =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'any' };

export type TreeValue = string | ExactNumber | boolean | null;

export type TreeTest =
  | { readonly op: 'exists' }
  | { readonly op: Comparison; readonly value: TreeValue }
  /** Includes both ends. It is one test because `[*]` may lead to several values: one of them must be in the whole range. */
  | { readonly op: 'range'; readonly low: ExactNumber; readonly high: ExactNumber }
  | { readonly op: 'contains' | 'matches'; readonly value: string };

/**
 * A parsed filter. A comparison with something that a record does not have is false, also with `!=` (as in Wireshark);
 * `not` makes it true.
 */
export type Filter =
  /** The empty filter. */
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'flag'; readonly flag: FlagName }
  | { readonly kind: 'number'; readonly field: NumberField; readonly op: Comparison; readonly value: number }
  /** Milliseconds since the session's first record; `absolute`: since the Unix epoch. */
  | { readonly kind: 'time'; readonly op: Comparison; readonly value: number; readonly absolute: boolean }
  /** How long a call took, in milliseconds. */
  | { readonly kind: 'call-duration'; readonly op: Comparison; readonly value: number }
  | { readonly kind: 'record-kind'; readonly op: '==' | '!='; readonly value: RecordKind | 'message' }
  /** The verdict on the checksum of a received message; without one: the checksum is checked. */
  | { readonly kind: 'checksum'; readonly verdict: ChecksumVerdict | undefined }
  | { readonly kind: 'string'; readonly field: StringField; readonly op: StringTest; readonly value: string }
  /** The message without its framing, as UTF-8; the sentence of an event. `contains` compares the bytes. */
  | { readonly kind: 'text'; readonly op: StringTest; readonly value: string }
  /** The message with its framing; events have none. */
  | { readonly kind: 'bytes'; readonly op: '==' | '!=' | 'contains'; readonly value: Uint8Array }
  /** A place in the message as JSON or XML; the first step of an XML path is the root element. */
  | {
      readonly kind: 'tree';
      readonly format: 'json' | 'xml';
      readonly path: readonly PathStep[];
      readonly test: TreeTest;
    };

/** A record as a filter sees it. Expensive properties are methods, called only if the filter needs them. */
export interface FilterRecord {
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly kind: RecordKind;
  readonly socket: number;
  readonly length: number;
  /** A sum of `messageFlags`. */
  readonly flags: number;
  readonly info:
    | {
        readonly endpoint: string;
        readonly name: string;
        readonly local: string;
        readonly peer: string;
        readonly transport: string;
        readonly program?: string | undefined;
      }
    | undefined;
  readonly bookmarked: boolean;
  readonly note: string;
  /** The verdict on the checksum of the message; `undefined` if it is not checked. */
  checksum(): ChecksumVerdict | undefined;
  /** The event; left out for a message. Read from the file only when a filter asks for it. */
  readonly event?: SocketEvent | undefined;
  /** The message without its framing, or the sentence of an event in UTF-8. */
  body(): Uint8Array;
  /** The message with its framing; empty for an event. */
  bytes(): Uint8Array;
}

/** What a filter needs to know of the session. */
export interface FilterContext {
  /** Time of the session's first record, milliseconds since the Unix epoch. */
  readonly startAt: number;
}

/** Why a text is not a filter: where (`[from, to)` in UTF-16 units), what is wrong, what to write instead. */
export interface FilterProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly hint: string;
}

export type ParsedFilter =
  | { readonly ok: true; readonly filter: Filter }
  | { readonly ok: false; readonly problem: FilterProblem };

/** The maximum length of a filter, in UTF-16 units. */
export const maxFilterLength = 4_096;

import { decodeUtf8 } from '../bytes/text.ts';
import type { Row, SocketInfo } from '../record/record.ts';
import type { StreamText } from './stream-text.ts';

/**
 * A way to write records as text, one line each. A record is `begin`, its body in as many pieces as one likes, `end`:
 * so that a message larger than any string can be written too.
 */
export interface RecordFormat {
  /**
   * The text before the body of `length` bytes. `isText`: the body is valid UTF-8 and is written by `text`. `frame`:
   * the message's framing, where it has any.
   */
  begin(row: Row, length: number, isText: boolean, socket: SocketInfo | undefined, frame?: Frame): string;
  /** A piece of the body, split between characters. */
  text(piece: string): string;
  /** A piece of a body that is not text. All but the last have a multiple of 3 bytes. */
  bytes(piece: Uint8Array): string;
  end(isText: boolean): string;
  /** The text before the first record and after the last one. */
  readonly header?: string;
  readonly footer?: string;
  /** What `text` does to a short body, on its UTF-8: writes it to `into`, twice as long, and gives the length. */
  escape?(body: Uint8Array, into: Uint8Array): number;
  /** `begin` writes the framing's bytes. */
  readonly showsFraming?: boolean;
  /** A body with a NUL in it is not taken as text. */
  readonly refusesNul?: boolean;
  /** Longer bodies are written up to here; `end` then comes after `shortened`. */
  readonly maxBodyBytes?: number;
  shortened?(shown: number, length: number): string;
}

/** The text of a message's `body` where `format` takes it as text. */
export function bodyText(format: RecordFormat, body: Uint8Array): string | undefined {
  if (format.refusesNul && body.includes(0)) return undefined;
  return decodeUtf8(body);
}

/** What is around the text of a message: the bytes of framing before and after it, and the characters that it shares. */
export interface Frame {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly split?: Split | undefined;
}

/** What a text shares with the records before and after it in the stream. */
export interface Split {
  /** How many bytes at the start of the text earlier records have. */
  readonly carried: number;
  /** Bytes of the body after the text: they belong to a character that a later record completes. */
  readonly rest: Uint8Array;
}

const nothing = new Uint8Array(0);

/** Returns `frame` with what `text`, that of a body of `length` bytes, shares with other records. */
export function withSplit(frame: Frame | undefined, text: StreamText, length: number): Frame | undefined {
  const { carried, to, begun } = text;
  if (carried === 0 && to === length) return frame;
  const rest = begun.subarray(begun.length - (length - to));
  return { head: nothing, tail: nothing, ...frame, split: { carried, rest } };
}

/** The framing in the bytes of `row`; `undefined` where it has none. `read(from, to)` gives bytes of the record. */
export function frameOf(
  row: Pick<Row, 'length' | 'head' | 'tail'>,
  read: (from: number, to: number) => Uint8Array,
): Frame | undefined {
  const { from, to } = bodyRange(row);
  return from === 0 && to === row.length ? undefined : { head: read(0, from), tail: read(to, row.length) };
}

/** The message of `row` without its framing: its position in the record's bytes. Sound also for damaged rows. */
export function bodyRange(row: Pick<Row, 'length' | 'head' | 'tail'>): { from: number; to: number } {
  const from = Math.min(row.head, row.length);
  return { from, to: Math.max(from, row.length - row.tail) };
}

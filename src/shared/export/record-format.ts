import { characterSize, decodeUtf8, endOfCharacters } from '../bytes/text.ts';
import { isContinued } from '../message/flags.ts';
import type { Row, SocketInfo } from '../record/record.ts';
import { abilitiesOf } from '../socket/transports.ts';

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

/**
 * The text of a record's body: the character `first`, which earlier records began, then the body's bytes `[from, to)`.
 * The bytes after `to` belong to a character that a later record completes.
 */
export interface StreamText {
  readonly first: Uint8Array;
  /** How many bytes of `first` earlier records have. */
  readonly carried: number;
  readonly from: number;
  readonly to: number;
  /** All bytes so far of the character that a later record ends; empty where the body ends between characters. */
  readonly begun: Uint8Array;
}

/** What a body begins and ends with: at least four bytes each, where it has them. */
interface BodyEnds {
  readonly length: number;
  readonly start: Uint8Array;
  readonly end: Uint8Array;
}

/** The bytes of a character that is not whole yet, and where in its flow the record that continues it begins. */
interface Carry {
  readonly bytes: Uint8Array;
  readonly until: number;
}

interface StreamTextsOptions {
  /** No record of a flow is left out, so that where they begin need not be compared. */
  readonly seesAll: boolean;
}

type StreamRow = Pick<Row, 'socket' | 'kind' | 'offset' | 'length' | 'flags'>;

/**
 * Decodes UTF-8 as a stream, flow by flow: a character that two reads split belongs to the record that ends it, and makes
 * neither of them binary. Only where records are pieces of a stream, under raw framing and where a message continues in the
 * next record: any other message is decoded separately. Records come in the order of their numbers.
 */
export class StreamTexts {
  readonly #isUtf8: (bytes: Uint8Array) => boolean;
  readonly #seesAll: boolean;
  readonly #carries = new Map<number, Carry>();

  constructor(isUtf8: (bytes: Uint8Array) => boolean, { seesAll }: StreamTextsOptions) {
    this.#isUtf8 = isUtf8;
    this.#seesAll = seesAll;
  }

  /** Returns the text of a record with this `body`, or `undefined` where it is not UTF-8. */
  take(row: StreamRow, body: Uint8Array, socket: SocketInfo | undefined): StreamText | undefined {
    if (this.#carries.size === 0 && this.#isUtf8(body)) return plain(body, 0);
    const text = this.look(row, { length: body.length, start: body, end: body }, socket);
    if (!this.#isUtf8(body.subarray(text.from, text.to))) return undefined;
    this.settle(row, text);
    return text;
  }

  /** Returns the text of a record, provided that its bytes `[from, to)` are UTF-8: call `settle` where they are. */
  look(row: StreamRow, body: BodyEnds, socket: SocketInfo | undefined): StreamText {
    const { start, end } = body;
    const isPiece = isContinued(row.flags) || isRawStream(socket);
    const text = plain(end, isPiece ? end.length - endOfCharacters(end) : 0, body.length);
    const carry = this.#takeCarry(row);
    if (!carry) return text;
    const missing = characterSize(carry[0] as number) - carry.length;
    const own = start.subarray(0, missing);
    const first = joined(carry, own);
    if (own.length < missing) {
      const isOpen = isPiece && own.every((byte) => (byte & 0xc0) === 0x80);
      return isOpen ? { first: nothing, carried: 0, from: 0, to: 0, begun: first } : text;
    }
    // Where the character does not end as it began, it was not a character, and the body may still be text.
    return this.#isUtf8(first) ? { ...text, first, carried: carry.length, from: missing } : text;
  }

  /** Lets the next record of the flow continue where `text` ends. */
  settle(row: StreamRow, { begun }: StreamText): void {
    if (begun.length > 0) this.#carries.set(flowOf(row), { bytes: begun, until: row.offset + row.length });
  }

  /** Forgets the flows of a socket that is closed. Returns what was received of a character that has not come whole. */
  forget(socket: number): Uint8Array {
    const received = this.#carries.get(socket * 2)?.bytes ?? nothing;
    this.#carries.delete(socket * 2);
    this.#carries.delete(socket * 2 + 1);
    return received;
  }

  #takeCarry(row: StreamRow): Uint8Array | undefined {
    const carry = this.#carries.get(flowOf(row));
    if (!carry) return undefined;
    this.#carries.delete(flowOf(row));
    return this.#seesAll || carry.until === row.offset ? carry.bytes : undefined;
  }
}

/** Returns the bytes of `text` in UTF-8; `body` is the one that it was found in. */
export function bytesOfText({ first, from, to }: StreamText, body: Uint8Array): Uint8Array {
  const own = body.subarray(from, to);
  return first.length === 0 ? own : joined(first, own);
}

/** Returns the text of a body of `length` bytes that ends with `end`, of which the last `open` begin a character. */
function plain(end: Uint8Array, open: number, length = end.length): StreamText {
  const begun = open === 0 ? nothing : end.slice(end.length - open);
  return { first: nothing, carried: 0, from: 0, to: length - open, begun };
}

function flowOf({ socket, kind }: StreamRow): number {
  return socket * 2 + (kind === 'out' ? 1 : 0);
}

function isRawStream(socket: SocketInfo | undefined): boolean {
  return socket !== undefined && socket.framing === 'raw' && !abilitiesOf(socket.transport).messageOriented;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}

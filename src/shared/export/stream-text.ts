import { characterSize, endOfCharacters } from '../bytes/utf8.ts';
import { isContinued } from '../message/flags.ts';
import type { Row, SocketInfo } from '../record/record.ts';
import { abilitiesOf } from '../socket/transports.ts';

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

const nothing = new Uint8Array(0);

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

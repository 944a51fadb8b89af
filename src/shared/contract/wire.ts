import { decode, decodeMulti, encode } from '@msgpack/msgpack';
import { encodeUtf8 } from '../bytes/text.ts';
import { type Failure, fail } from '../failure.ts';
import { forbiddenKeys, type InputProblem, inputHint, inputLimits, inputProblems } from './input-limits.ts';

const forbidden = forbiddenKeys.map(encodeUtf8);

/** The number of bytes of a value after its first byte, by that byte. Those with a length field are in `lengthBytes`. */
const fixedBytes: Readonly<Record<number, number>> = {
  192: 0,
  194: 0,
  195: 0,
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
};

/** The size of the length field of a text, binary data, an array or a map, by the first byte. */
const lengthBytes: Readonly<Record<number, number>> = {
  196: 1,
  197: 2,
  198: 4,
  217: 1,
  218: 2,
  219: 4,
  220: 2,
  221: 4,
  222: 2,
  223: 4,
};

/**
 * Returns the first violation in `bytes`, one value of MessagePack, of `inputLimits` or of MessagePack itself; `undefined` if it can be
 * decoded. Decodes and allocates nothing, and stops at the violation, so that its time is bounded by the limits. Refuses extension
 * types, which no call has.
 */
export function messagePackProblem(bytes: Uint8Array): InputProblem | undefined {
  const scan = new Scan(bytes);
  const problem = scan.value(0, false);
  return problem ?? (scan.at === bytes.length ? undefined : inputProblems.malformed);
}

class Scan {
  readonly #bytes: Uint8Array;
  at = 0;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  value(depth: number, isKey: boolean): InputProblem | undefined {
    this.#values += 1;
    if (this.#values > inputLimits.values) return inputProblems.values;
    const first = this.#bytes[this.at];
    if (first === undefined) return inputProblems.malformed;
    this.at += 1;
    if (isKey && !isTextCode(first)) return inputProblems.key;
    if (first < 0x80 || first >= 0xe0) return undefined;
    if (first < 0x90) return this.#items(first - 0x80, depth, true);
    if (first < 0xa0) return this.#items(first - 0x90, depth, false);
    if (first < 0xc0) return this.#text(first - 0xa0, isKey);
    const fixed = fixedBytes[first];
    if (fixed !== undefined) return this.#skip(fixed);
    const width = lengthBytes[first];
    if (width === undefined) return first === 0xc1 ? inputProblems.malformed : inputProblems.kind;
    const length = this.#length(width);
    if (length === undefined) return inputProblems.malformed;
    if (first <= 0xc6) return this.#skip(length);
    if (first <= 0xdb) return this.#text(length, isKey);
    return this.#items(length, depth, first >= 0xde);
  }

  #length(width: number): number | undefined {
    if (this.at + width > this.#bytes.length) return undefined;
    let length = 0;
    for (let index = 0; index < width; index += 1) length = length * 256 + (this.#bytes[this.at + index] as number);
    this.at += width;
    return length;
  }

  #skip(length: number): InputProblem | undefined {
    this.at += length;
    return this.at > this.#bytes.length ? inputProblems.malformed : undefined;
  }

  #text(length: number, isKey: boolean): InputProblem | undefined {
    if (length > inputLimits.textBytes) return inputProblems.textBytes;
    if (isKey && forbidden.some((key) => this.#is(key, length))) return inputProblems.key;
    return this.#skip(length);
  }

  #is(key: Uint8Array, length: number): boolean {
    return key.length === length && key.every((byte, index) => this.#bytes[this.at + index] === byte);
  }

  #items(count: number, depth: number, isMap: boolean): InputProblem | undefined {
    if (count > (isMap ? inputLimits.keys : inputLimits.items)) return isMap ? inputProblems.keys : inputProblems.items;
    if (depth >= inputLimits.depth) return inputProblems.depth;
    for (let index = 0; index < count; index += 1) {
      const problem = isMap
        ? (this.value(depth + 1, true) ?? this.value(depth + 1, false))
        : this.value(depth + 1, false);
      if (problem) return problem;
    }
    return undefined;
  }
}

/** Returns true for the first byte of a text: fixstr, str 8, str 16, str 32. */
function isTextCode(first: number): boolean {
  return (first >= 0xa0 && first < 0xc0) || (first >= 0xd9 && first <= 0xdb);
}

/** A call that the page sends over a WebSocket. The page assigns the `id`, counting up from 1. */
export interface CallFrame {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

/** A message from the host: the reply to the call of that `id`, or an event if `id` is 0. */
interface HostFrame {
  readonly id: number;
  readonly value: unknown;
}

const options = { ignoreUndefined: true } as const;

/** Encodes one call as a binary WebSocket message: the MessagePack array `[id, name, input]`. */
export function encodeCall(frame: CallFrame): Uint8Array<ArrayBuffer> {
  return encode([frame.id, frame.name, frame.input], options);
}

/** A call whose input is not decoded because it exceeds `inputLimits` or is not MessagePack, with the reason. */
export interface RefusedCall {
  readonly id: number;
  readonly refusal: Failure;
}

/**
 * Decodes `encodeCall`; returns `undefined` for other bytes. Bytes in the input are views of `bytes`. An input beyond `inputLimits` is
 * detected before it is decoded; the refusal carries the call's id, so that it can be answered.
 */
export function decodeCall(bytes: Uint8Array): CallFrame | RefusedCall | undefined {
  const problem = messagePackProblem(bytes);
  if (problem) {
    const id = idOf(bytes);
    if (id === undefined) return undefined;
    const { code, system } = problem;
    return { id, refusal: fail(code, 'The call was refused', { system, hint: inputHint }).error };
  }
  const parts = decodeArray(bytes, 3);
  if (!parts) return undefined;
  const [id, name, input] = parts;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 && typeof name === 'string'
    ? { id, name, input }
    : undefined;
}

/** Encodes a reply or an event as a binary WebSocket message: the MessagePack array `[id, value]`. */
export function encodeHostFrame(frame: HostFrame): Uint8Array<ArrayBuffer> {
  return encode([frame.id, frame.value], options);
}

/** Decodes `encodeHostFrame`; returns `undefined` for other bytes. */
export function decodeHostFrame(bytes: Uint8Array): HostFrame | undefined {
  const parts = decodeArray(bytes, 2);
  if (!parts) return undefined;
  const [id, value] = parts;
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? { id, value } : undefined;
}

/** Maximum bytes up to the end of a call's id: the head of an array of three, and a number of at most eight bytes. */
const maxIdBytes = 10;

/** Returns the id of a call without decoding the rest; `undefined` if `bytes` do not begin like a call. */
function idOf(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== 0x93) return undefined;
  try {
    const { value: id } = decodeMulti(bytes.subarray(1, maxIdBytes)).next();
    return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined;
  } catch {
    return undefined;
  }
}

function decodeArray(bytes: Uint8Array, length: number): readonly unknown[] | undefined {
  try {
    const value = decode(bytes);
    return Array.isArray(value) && value.length === length ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The WebSocket subprotocol of both sides; the page offers it together with `tokenProtocol(token)`. */
export const wireProtocol = 'wirebench.1';

/** Returns the token as a subprotocol: the only data beside the address that a page can send with a WebSocket's request. */
export function tokenProtocol(token: string): string {
  return `token.${token}`;
}

/** Further addresses of the browser host, relative to the page's own address. */
export const hostPaths = {
  socket: '/socket',
  /** Answers 204 for a valid token, else 401, since the page cannot see why a WebSocket was refused. */
  token: '/token',
  /** Followed by a code: a browser that the host starts gets the token here, once. */
  enter: '/enter/',
  upload: '/upload',
  download: '/download/',
} as const;

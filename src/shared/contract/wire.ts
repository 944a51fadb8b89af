import { decode, decodeMulti, encode } from '@msgpack/msgpack';
import { type Failure, fail } from '../failure.ts';
import { inputHint } from './input-limits.ts';
import { messagePackProblem } from './message-pack-scan.ts';

/** What the page sends over a WebSocket: one call. Its `id` is chosen by the page, counting up from 1. */
export interface CallFrame {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

/** What the host sends: the reply to the call of that `id`, or an event where `id` is 0. */
interface HostFrame {
  readonly id: number;
  readonly value: unknown;
}

const options = { ignoreUndefined: true } as const;

/** One call as a binary WebSocket message: the MessagePack array `[id, name, input]`. */
export function encodeCall(frame: CallFrame): Uint8Array<ArrayBuffer> {
  return encode([frame.id, frame.name, frame.input], options);
}

/** A call whose input is not decoded, because it is beyond `inputLimits` or is no MessagePack, and why. */
export interface RefusedCall {
  readonly id: number;
  readonly refusal: Failure;
}

/**
 * Reads `encodeCall`; `undefined` where `bytes` are anything else. Bytes in the input are views of `bytes`. What is beyond
 * `inputLimits` is found before anything of it is decoded; with its id the refusal can be answered.
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

/** A reply or an event as a binary WebSocket message: the MessagePack array `[id, value]`. */
export function encodeHostFrame(frame: HostFrame): Uint8Array<ArrayBuffer> {
  return encode([frame.id, frame.value], options);
}

/** Reads `encodeHostFrame`; `undefined` where `bytes` are anything else. */
export function decodeHostFrame(bytes: Uint8Array): HostFrame | undefined {
  const parts = decodeArray(bytes, 2);
  if (!parts) return undefined;
  const [id, value] = parts;
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? { id, value } : undefined;
}

/** Bytes in which the id of a call stands: the head of an array of three, and a number of at most eight bytes. */
const maxIdBytes = 10;

/** The id of a call of which nothing else is read; `undefined` where `bytes` do not begin like a call. */
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

/** The WebSocket subprotocol that both sides speak; the page offers it together with `tokenProtocol(token)`. */
export const wireProtocol = 'wirebench.1';

/** The token as a subprotocol: the one thing beside the address that a page can send with a WebSocket's request. */
export function tokenProtocol(token: string): string {
  return `token.${token}`;
}

/** Where the page asks the browser host for more than calls. Relative to the page's own address. */
export const hostPaths = {
  socket: '/socket',
  /** Answers 204 where the token is right, else 401: a refused WebSocket does not tell the page why. */
  token: '/token',
  /** Followed by a code: where a browser that the host starts gets the token, once. */
  enter: '/enter/',
  upload: '/upload',
  download: '/download/',
} as const;

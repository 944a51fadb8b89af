import { decode, decodeMulti, encode } from '@msgpack/msgpack';
import { type Failure, fail } from '../failure.ts';
import { inputHint } from './input-limits.ts';
import { messagePackProblem } from './message-pack-scan.ts';

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

import { decodeUtf8 } from '../bytes/text.ts';

/** The operations on bytes that the evaluators need. A host can pass faster ones (Node's `Buffer`). */
export interface ByteTools {
  /** Returns where `needle` (not empty) begins in `bytes` at or after `from`, or -1. */
  indexOf(bytes: Uint8Array, needle: Uint8Array, from?: number): number;
  /** Returns the UTF-8 text in `bytes`, with its byte order mark, or `undefined` if they are not valid. */
  decode(bytes: Uint8Array): string | undefined;
}

/** Returns whether `bytes`, or their part `[from, to)`, match. */
export type ByteTest = (bytes: Uint8Array, from?: number, to?: number) => boolean;

export const plainByteTools: ByteTools = { indexOf: indexOfBytes, decode: decodeUtf8 };

/** Returns where `needle` begins in `bytes` at or after `from`, or -1. */
function indexOfBytes(bytes: Uint8Array, needle: Uint8Array, from = 0): number {
  const last = bytes.length - needle.length;
  if (needle.length === 0) return from <= last ? from : -1;
  const first = needle[0] as number;
  for (let at = bytes.indexOf(first, from); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < needle.length && bytes[at + same] === needle[same]) same += 1;
    if (same === needle.length) return at;
  }
  return -1;
}

/** Returns true if `bytes` from `from` to `to` equal `wanted`. */
export function sameBytes(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): boolean {
  if (to - from !== wanted.length) return false;
  for (let at = 0; at < wanted.length; at += 1) if (bytes[from + at] !== wanted[at]) return false;
  return true;
}

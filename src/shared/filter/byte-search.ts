import { decodeUtf8 } from '../bytes/text.ts';

/** What the evaluators need of bytes. A host that has faster ones (Node's `Buffer`) hands them in. */
export interface ByteTools {
  /** Where `needle` (not empty) begins in `bytes` from `from` on, or -1. */
  indexOf(bytes: Uint8Array, needle: Uint8Array, from?: number): number;
  /** The text that `bytes` are in UTF-8, a byte order mark kept, or `undefined` where they are not valid. */
  decode(bytes: Uint8Array): string | undefined;
}

/** Whether `bytes`, or their part `[from, to)`, match. */
export type ByteTest = (bytes: Uint8Array, from?: number, to?: number) => boolean;

export const plainByteTools: ByteTools = { indexOf: indexOfBytes, decode: decodeUtf8 };

/** Where `needle` begins in `bytes` from `from` on, or -1. */
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

/** True where `bytes` from `from` to `to` are `wanted`. */
export function sameBytes(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): boolean {
  if (to - from !== wanted.length) return false;
  for (let at = 0; at < wanted.length; at += 1) if (bytes[from + at] !== wanted[at]) return false;
  return true;
}

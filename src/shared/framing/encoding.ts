import { Boundaries } from '../message/boundaries.ts';
import type { Framer } from './framer.ts';
import { type Encoded, join, noBytes } from './framing.ts';

/** Finds the framing bytes that a reader finds in `bytes`; finds nothing unless `bytes` is exactly one message. */
export function asRead(framer: Framer, bytes: Uint8Array): Encoded {
  const boundaries = new Boundaries();
  framer.push(bytes, boundaries, 0);
  const isWhole = boundaries.count === 1 && boundaries.ends[0] === bytes.length;
  return {
    bytes,
    head: isWhole ? (boundaries.heads[0] as number) : 0,
    tail: isWhole ? (boundaries.tails[0] as number) : 0,
  };
}

/** Returns true if the last message of `bytes` ends with them and follows the framing. */
export function endsMessage(framer: Framer, bytes: Uint8Array): boolean {
  const boundaries = new Boundaries();
  framer.push(bytes, boundaries, 0);
  return boundaries.count > 0 && boundaries.ends[boundaries.count - 1] === bytes.length && boundaries.problem === '';
}

/** Adds `ending` to a body, unless it already ends with a whole message. */
export function encodeEnded(create: () => Framer, body: Uint8Array, ending: Uint8Array): Encoded {
  const bytes = endsMessage(create(), body) ? body : join(noBytes, body, ending);
  const boundaries = new Boundaries();
  create().push(bytes, boundaries, 0);
  const last = boundaries.count - 1;
  const ends = last >= 0 && boundaries.ends[last] === bytes.length;
  return {
    bytes,
    head: last === 0 && ends ? (boundaries.heads[0] as number) : 0,
    tail: ends ? (boundaries.tails[last] as number) : 0,
  };
}

/** Returns `body` between `first` and `last`, with each byte replaced by the pair that `escapeOf` returns for it, if any. */
export function escapeBytes(
  body: Uint8Array,
  first: number,
  last: number,
  escapeOf: (byte: number) => readonly [number, number] | undefined,
): Uint8Array {
  const table = Array.from({ length: 256 }, (_, byte) => escapeOf(byte));
  let more = 0;
  for (let at = 0; at < body.length; at += 1) if (table[body[at] as number]) more += 1;
  const escaped = new Uint8Array(body.length + more + 2);
  escaped[0] = first;
  escaped[escaped.length - 1] = last;
  if (more === 0) {
    escaped.set(body, 1);
    return escaped;
  }
  let count = 1;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] as number;
    const pair = table[byte];
    if (pair) {
      escaped[count] = pair[0];
      escaped[count + 1] = pair[1];
      count += 2;
    } else {
      escaped[count] = byte;
      count += 1;
    }
  }
  return escaped;
}

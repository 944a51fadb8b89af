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

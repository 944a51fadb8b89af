import { Cuts } from '../message/boundaries.ts';
import type { Framer } from './framer.ts';
import { type Encoded, join, noBytes } from './framing.ts';

/** Finds the framing bytes that a reader finds in `bytes`, where these are exactly one message. */
export function asRead(framer: Framer, bytes: Uint8Array): Encoded {
  const cuts = new Cuts();
  framer.push(bytes, cuts, 0);
  const isWhole = cuts.count === 1 && cuts.ends[0] === bytes.length;
  return { bytes, head: isWhole ? (cuts.heads[0] as number) : 0, tail: isWhole ? (cuts.tails[0] as number) : 0 };
}

/** Returns true where the last message of `bytes` ends with them and follows the framing. */
export function endsMessage(framer: Framer, bytes: Uint8Array): boolean {
  const cuts = new Cuts();
  framer.push(bytes, cuts, 0);
  return cuts.count > 0 && cuts.ends[cuts.count - 1] === bytes.length && cuts.problem === '';
}

/** Adds `ending` to a body, unless it already ends with a whole message. */
export function encodeEnded(create: () => Framer, body: Uint8Array, ending: Uint8Array): Encoded {
  const bytes = endsMessage(create(), body) ? body : join(noBytes, body, ending);
  const cuts = new Cuts();
  create().push(bytes, cuts, 0);
  const last = cuts.count - 1;
  const ends = last >= 0 && cuts.ends[last] === bytes.length;
  return {
    bytes,
    head: last === 0 && ends ? (cuts.heads[0] as number) : 0,
    tail: ends ? (cuts.tails[last] as number) : 0,
  };
}

import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { find, nearBytes } from './find.ts';
import type { Ending, Framer } from './framer.ts';

/**
 * A framer for messages that end with `delimiter` (1 to 32 bytes: LF, CRLF, ETX, …). The delimiter is the tail, or with `keep` a part of
 * the message. Matches never overlap. Any bytes follow this framing.
 */
export class DelimiterFramer implements Framer {
  readonly pendingHead = 0;
  readonly #delimiter: Uint8Array;
  readonly #tail: number;
  readonly #fallbacks: Uint8Array;
  /** The length of the delimiter's prefix with which the bytes so far end: the only state that is kept between chunks. */
  #matched = 0;

  constructor(delimiter: Uint8Array, keep: boolean) {
    this.#delimiter = delimiter;
    this.#tail = keep ? 0 : delimiter.length;
    this.#fallbacks = failureTable(delimiter);
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    if (this.#delimiter.length === 1) this.#pushOne(chunk, boundaries);
    else this.#pushMany(chunk, boundaries);
  }

  end(): Ending {
    this.#matched = 0;
    return { head: 0, tail: 0, flags: messageFlags.incomplete };
  }

  #pushOne(chunk: Uint8Array, boundaries: Boundaries): void {
    const first = this.#delimiter[0] as number;
    const tail = this.#tail;
    let start = 0;
    let near = false;
    for (let at = find(chunk, first, 0, near); at >= 0; at = find(chunk, first, start, near)) {
      near = at - start < nearBytes;
      start = at + 1;
      boundaries.push(start, 0, tail, 0);
    }
  }

  /** Examines each byte once, wherever chunks end (Knuth, Morris and Pratt's automaton). */
  #pushMany(chunk: Uint8Array, boundaries: Boundaries): void {
    const delimiter = this.#delimiter;
    const fallbacks = this.#fallbacks;
    const tail = this.#tail;
    const size = delimiter.length;
    const first = delimiter[0] as number;
    const length = chunk.length;
    let matched = this.#matched;
    let near = false;
    let at = 0;
    while (at < length) {
      if (matched === 0) {
        const next = find(chunk, first, at, near);
        if (next < 0) break;
        near = next - at < nearBytes;
        at = next;
      }
      const byte = chunk[at] as number;
      while (matched > 0 && byte !== delimiter[matched]) matched = fallbacks[matched - 1] as number;
      if (byte === delimiter[matched]) matched += 1;
      at += 1;
      if (matched === size) {
        boundaries.push(at, 0, tail, 0);
        matched = 0;
      }
    }
    this.#matched = matched;
  }
}

/** Returns for each prefix of `pattern` the length of its longest proper suffix that is a prefix too. */
export function failureTable(pattern: Uint8Array): Uint8Array {
  const table = new Uint8Array(pattern.length);
  let length = 0;
  for (let at = 1; at < pattern.length; at += 1) {
    while (length > 0 && pattern[at] !== pattern[length]) length = table[length - 1] as number;
    if (pattern[at] === pattern[length]) length += 1;
    table[at] = length;
  }
  return table;
}

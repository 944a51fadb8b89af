import { messageFlags } from '../record/record.ts';
import type { Cuts } from './cuts.ts';
import type { Framer } from './framer.ts';

/** A message ends with `delimiter` (1 to 32 bytes: LF, CRLF, ETX …), which is its tail. Matches never overlap. */
export function createDelimiterFramer(delimiter: Uint8Array): Framer {
  const size = delimiter.length;
  const first = delimiter[0] as number;
  const fallbacks = failureTable(delimiter);
  // How many bytes of the delimiter the bytes up to here end with: all that must outlive a chunk.
  let matched = 0;

  function pushOne(chunk: Uint8Array, cuts: Cuts): void {
    const length = chunk.length;
    for (let at = 0; at < length; at += 1) {
      if (chunk[at] === first) cuts.push(at + 1, 0, 1, 0);
    }
  }

  // Knuth, Morris and Pratt's automaton: each byte is looked at once, wherever the chunks are cut.
  function pushMany(chunk: Uint8Array, cuts: Cuts): void {
    const length = chunk.length;
    for (let at = 0; at < length; at += 1) {
      const byte = chunk[at] as number;
      while (matched > 0 && byte !== delimiter[matched]) matched = fallbacks[matched - 1] as number;
      if (byte === delimiter[matched]) matched += 1;
      if (matched === size) {
        cuts.push(at + 1, 0, size, 0);
        matched = 0;
      }
    }
  }

  return {
    pendingHead: 0,
    push: size === 1 ? pushOne : pushMany,
    end: () => ({ head: 0, tail: 0, flags: messageFlags.incomplete }),
  };
}

/** For each prefix of `pattern`, the length of its longest proper suffix that is a prefix too. */
function failureTable(pattern: Uint8Array): Uint8Array {
  const table = new Uint8Array(pattern.length);
  let length = 0;
  for (let at = 1; at < pattern.length; at += 1) {
    while (length > 0 && pattern[at] !== pattern[length]) length = table[length - 1] as number;
    if (pattern[at] === pattern[length]) length += 1;
    table[at] = length;
  }
  return table;
}

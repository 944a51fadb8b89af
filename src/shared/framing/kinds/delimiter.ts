import type { Boundaries } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';
import { type Ending, type Framer, find, nearBytes } from '../framer.ts';
import { canonicalHex, endsWith, type Framing, hexBytes, join, noBytes } from '../framing.ts';
import { delimiterValue, isDelimiter } from '../values.ts';

/**
 * A framer for messages that end with `delimiter` (1 to 32 bytes: LF, CRLF, ETX, …). The delimiter is the tail, or with `keep` a part of
 * the message. Matches never overlap. Any bytes follow this framing.
 */
class DelimiterFramer implements Framer {
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

interface DelimiterSpec {
  kind: 'delimiter';
  delimiter: string;
  /** The delimiter belongs to the message. */
  keep?: boolean | undefined;
}

/** Line ends: as spelled, in hex, and as `adds` names them. */
const lines: readonly (readonly [spelling: string, delimiter: string, name: string])[] = [
  ['line', '0a', 'line feed'],
  ['line:crlf', '0d0a', 'CRLF'],
  ['line:cr', '0d', 'carriage return'],
];

/** Messages that end with a delimiter. A form lists the usual line ends as framings. */
export const delimiter: Framing<DelimiterSpec, 'lf' | 'crlf' | 'cr'> = {
  kind: 'delimiter',
  words: {
    short: 'delimiter',
    label: 'Custom delimiter (hex)',
    help: 'A message ends with a delimiter that you specify.',
  },
  variants: [
    {
      name: 'lf',
      values: { delimiter: '0a' },
      words: {
        short: 'LF-terminated lines',
        label: 'LF-terminated lines',
        help: 'A message ends with a line feed (\\n), as readline() expects.',
        common: true,
      },
    },
    {
      name: 'crlf',
      values: { delimiter: '0d0a' },
      words: {
        short: 'CRLF-terminated lines',
        label: 'CRLF-terminated lines',
        help: 'A message ends with \\r\\n, as in SMTP and many instruments.',
        common: true,
      },
    },
    {
      name: 'cr',
      values: { delimiter: '0d' },
      words: {
        short: 'CR-terminated lines',
        label: 'CR-terminated lines',
        help: 'A message ends with a carriage return (\\r), as in many instruments.',
      },
    },
  ],
  spellings: [
    {
      text: 'line[:keep]',
      message: 'the bytes up to a line feed (LF)',
      sending: 'LF, unless the message ends with it',
    },
    {
      text: 'line:crlf[:keep]',
      message: 'the bytes up to CR LF; a lone CR or LF belongs to the message',
      sending: 'CR LF, unless the message ends with it',
    },
    {
      text: 'line:cr[:keep]',
      message: 'the bytes up to a carriage return (CR)',
      sending: 'CR, unless the message ends with it',
    },
    {
      text: 'delim:HEX[:keep]',
      message: 'the bytes up to a delimiter of 1 to 32 bytes: `delim:03`, `delim:0d0a0d0a`, `delim:\\x0d\\x0a`',
      sending: 'the delimiter, unless the message ends with it',
    },
  ],
  values: {
    delimiter: delimiterValue,
    keep: {
      type: 'flag',
      optional: true,
      words: {
        label: 'Keep the delimiter in the message',
        help: 'If off, the delimiter is framing and not part of the message.',
      },
    },
  },
  adds(spec) {
    const bytes = canonicalHex(spec.delimiter);
    return `${lines.find(([, known]) => known === bytes)?.[2] ?? bytes} at the end`;
  },
  parse(text) {
    const keep = text.endsWith(':keep');
    const name = keep ? text.slice(0, -':keep'.length) : text;
    const known = name === 'line:lf' ? '0a' : lines.find(([line]) => line === name)?.[1];
    const written = /^delim:(.+)$/s.exec(name)?.[1];
    if (known === undefined && (written === undefined || !isDelimiter(written))) return undefined;
    const bytes = known ?? canonicalHex(written ?? '');
    return keep ? { kind: 'delimiter', delimiter: bytes, keep } : { kind: 'delimiter', delimiter: bytes };
  },
  format(spec) {
    const bytes = canonicalHex(spec.delimiter);
    const name = lines.find(([, known]) => known === bytes)?.[0] ?? `delim:${bytes}`;
    return spec.keep ? `${name}:keep` : name;
  },
  createFramer: (spec) => new DelimiterFramer(hexBytes(spec.delimiter), spec.keep ?? false),
  frameAround: (spec) => ({ head: noBytes, tail: hexBytes(spec.delimiter), keepsTail: spec.keep }),
  /** Does not change a body that already ends with the delimiter. */
  encode(spec, body) {
    const tail = hexBytes(spec.delimiter);
    const bytes = endsWith(body, tail) ? body : join(noBytes, body, tail);
    return { bytes, head: 0, tail: spec.keep ? 0 : tail.length };
  },
  asItIs(spec, bytes) {
    const tail = hexBytes(spec.delimiter);
    return { bytes, head: 0, tail: !spec.keep && endsWith(bytes, tail) ? tail.length : 0 };
  },
  mostEvidence: 40,
  guesses: ['line', 'line:crlf', 'line:cr'],
  /** Lines contain no control characters but tabs. */
  evidence(spec, message) {
    const count = hexBytes(spec.delimiter).length;
    const end = message.length - count;
    for (let at = 0; at < end; at += 1) if ((message[at] as number) < 0x20 && message[at] !== 0x09) return -64;
    return end === 0 ? 1 : 4 * count;
  },
};

import { createDelimiterFramer } from '../delimiter.ts';
import { canonicalHex, endsWith, type Framing, hexBytes, join, noBytes } from '../framing.ts';
import { delimiterProblem, isDelimiter } from '../values.ts';

interface DelimiterSpec {
  kind: 'delimiter';
  delimiter: string;
  /** The delimiter belongs to the message. */
  keep?: boolean | undefined;
}

const lines: readonly (readonly [name: string, delimiter: string])[] = [
  ['line', '0a'],
  ['line:crlf', '0d0a'],
  ['line:cr', '0d'],
];

export const delimiter: Framing<DelimiterSpec> = {
  kind: 'delimiter',
  spellings: ['line[:keep]', 'line:crlf[:keep]', 'line:cr[:keep]', 'delim:HEX[:keep]'],
  values: {
    delimiter: { type: 'bytes', least: 1, most: 32, problem: delimiterProblem },
    keep: { type: 'flag', optional: true },
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
  createFramer: (spec) => createDelimiterFramer(hexBytes(spec.delimiter), spec.keep ?? false),
  frameAround: (spec) => ({ head: noBytes, tail: hexBytes(spec.delimiter) }),
  /** Leaves a body alone that already ends with the delimiter. */
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
  /** Lines hold no control characters but tabs. */
  evidence(spec, message) {
    const count = hexBytes(spec.delimiter).length;
    const end = message.length - count;
    for (let at = 0; at < end; at += 1) if ((message[at] as number) < 0x20 && message[at] !== 0x09) return -64;
    return end === 0 ? 1 : 4 * count;
  },
};

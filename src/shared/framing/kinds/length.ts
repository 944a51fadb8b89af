import { asRead } from '../as-it-is.ts';
import { noLimit } from '../claim.ts';
import { canonicalHex, type Framing, hexBytes, noBytes } from '../framing.ts';
import { createLengthFramer, type LengthPrefix, lengthHeader } from '../length.ts';
import {
  adjustRange,
  framingBytes,
  isDelimiter,
  isInRange,
  offsetRange,
  startProblem,
  trailerRange,
} from '../values.ts';

/** The bytes of a length; `varint` has as many as it needs. */
const lengthSizes = [1, 2, 3, 4, 5, 6, 7, 8, 'varint'] as const;

interface LengthSpec {
  kind: 'length';
  size: (typeof lengthSizes)[number];
  endian: 'be' | 'le';
  /** Bytes of header before the length, the start bytes included. */
  offset: number;
  /** The length counts the header too. */
  inclusive: boolean;
  /** What is added to the length to make it count all that follows the header. */
  adjust?: number | undefined;
  /** Bytes at the end that are no part of the message, but counted. */
  tail?: number | undefined;
  /** Bytes that every message begins with, in hex. */
  start?: string | undefined;
  /** Bytes that a stream may begin with, in hex: a message without a length. */
  first?: string | undefined;
}

const firstProblem = 'first bytes are 1 to 32 bytes in hex';

const spelling =
  /^len:(?<size>[1-8]|varint)(?<endian>be|le)?(?::at(?<offset>\d{1,2}))?(?<inclusive>:incl)?(?::adj(?<adjust>-?\d{1,5}))?(?::tail(?<tail>\d{1,2}))?(?::start(?<start>[0-9a-f]+))?(?::first(?<first>[0-9a-f]+))?$/i;

export const length: Framing<LengthSpec> = {
  kind: 'length',
  spellings: ['len:SIZE[be|le][:atOFFSET][:incl][:adjN][:tailN][:startHEX][:firstHEX]'],
  values: {
    size: { type: 'choice', of: lengthSizes },
    endian: { type: 'choice', of: ['be', 'le'], default: 'be' },
    offset: { type: 'whole', ...offsetRange, default: 0 },
    inclusive: { type: 'flag', default: false },
    adjust: { type: 'whole', ...adjustRange, optional: true },
    tail: { type: 'whole', ...trailerRange, optional: true },
    start: { type: 'bytes', least: 1, most: 32, problem: startProblem, optional: true },
    first: { type: 'bytes', least: 1, most: 32, problem: firstProblem, optional: true },
  },
  check({ start = '', offset }) {
    const count = framingBytes(start)?.length ?? 0;
    if (offset >= count) return undefined;
    return { value: 'offset', problem: `the length stands behind the start bytes: an offset is ${count} to 64` };
  },
  parse(text) {
    const { groups } = spelling.exec(text) ?? {};
    if (!groups) return undefined;
    const { endian, adjust, tail, start, first } = groups;
    const size = lengthSizes.find((known) => String(known) === groups.size);
    const offset = Number(groups.offset ?? framingBytes(start ?? '')?.length ?? 0);
    if (size === undefined || (size === 'varint' && endian !== undefined)) return undefined;
    if (!isInRange(offset, offsetRange) || !isInRange(Number(adjust ?? 0), adjustRange)) return undefined;
    if (!isInRange(Number(tail ?? 0), trailerRange)) return undefined;
    if ([start, first].some((bytes) => bytes !== undefined && !isDelimiter(bytes))) return undefined;
    const spec: LengthSpec = {
      kind: 'length',
      size,
      endian: endian === 'le' ? 'le' : 'be',
      offset,
      inclusive: groups.inclusive !== undefined,
      ...(adjust === undefined ? {} : { adjust: Number(adjust) }),
      ...(tail === undefined ? {} : { tail: Number(tail) }),
      ...(start === undefined ? {} : { start: start.toLowerCase() }),
      ...(first === undefined ? {} : { first: first.toLowerCase() }),
    };
    return length.check?.(spec) ? undefined : spec;
  },
  format(spec) {
    const { size, endian, offset, inclusive, adjust = 0, tail = 0 } = spec;
    const start = canonicalHex(spec.start ?? '');
    const first = canonicalHex(spec.first ?? '');
    return [
      `len:${size}${typeof size === 'number' && size > 1 ? endian : ''}`,
      ...(offset * 2 === start.length ? [] : [`at${offset}`]),
      ...(inclusive ? ['incl'] : []),
      ...(adjust === 0 ? [] : [`adj${adjust}`]),
      ...(tail === 0 ? [] : [`tail${tail}`]),
      ...(start === '' ? [] : [`start${start}`]),
      ...(first === '' ? [] : [`first${first}`]),
    ].join(':');
  },
  createFramer: (spec, maxMessage) => createLengthFramer(prefixOf(spec), maxMessage),
  frameAround(spec, size) {
    const prefix = prefixOf(spec);
    const head = lengthHeader(prefix, size);
    return typeof head === 'string' ? { problem: head } : { head, tail: new Uint8Array(prefix.trailer) };
  },
  asItIs: (spec, bytes) => asRead(createLengthFramer(prefixOf(spec), noLimit), bytes),
  guesses: [
    ...['2be', '2le', '3be', '3le', '4be', '4le', '8be', '8le'].map((size) => `len:${size}`),
    ...['2be', '2le', '4be', '4le'].map((size) => `len:${size}:incl`),
  ],
  /**
   * Few numbers are as small as the length of a message is, but any byte can be a length of one byte. Bodies of a few bytes
   * come out of zeros, too. Numbers by chance say 1.4 bits each, which is taken off, and a little more.
   */
  evidence({ size, start = '', first = '' }, message, head) {
    if (head === 0) return 4 * first.length;
    const body = message.length - head;
    const mark = 4 * start.length;
    if (size === 1 || size === 'varint') return mark;
    return mark + (body < 4 ? 1 : Math.max(8 * size - Math.log2(body) - 2, -2));
  },
};

function prefixOf({ size, endian, offset, inclusive, adjust = 0, tail = 0, start, first }: LengthSpec): LengthPrefix {
  const bytesOf = (hex: string | undefined) => (hex === undefined ? noBytes : hexBytes(hex));
  return { size, endian, offset, inclusive, adjust, trailer: tail, start: bytesOf(start), first: bytesOf(first) };
}

import { asRead } from '../encoding.ts';
import { noLimit } from '../framer.ts';
import { canonicalHex, type Framing, hexBytes, noBytes } from '../framing.ts';
import { LengthFramer, type LengthPrefix, lengthHeader } from '../length.ts';
import { framingBytes, isDelimiter, isInRange, startValue } from '../values.ts';

/** Sizes of a length field, in bytes. */
const lengthSizes = [1, 2, 3, 4, 5, 6, 7, 8, 'varint'] as const;
const sizeLabels = Object.fromEntries(
  lengthSizes.filter((size) => size !== 'varint').map((size) => [size, size === 1 ? '1 byte' : `${size} bytes`]),
);

const offsetRange = { least: 0, most: 64, problem: 'an offset is 0 to 64' };
const adjustRange = { least: -65_536, most: 65_536, problem: 'an adjustment is -65536 to 65536' };
const trailerRange = { least: 0, most: 64, problem: 'a trailer is 0 to 64 bytes' };

interface LengthSpec {
  kind: 'length';
  size: (typeof lengthSizes)[number];
  endian: 'be' | 'le';
  /** Bytes of header before the length, the start bytes included. */
  offset: number;
  /** The length includes the header. */
  inclusive: boolean;
  /** Added to the length to get the number of bytes after the header. */
  adjust?: number | undefined;
  /** Counted bytes at the end that are not part of the message. */
  tail?: number | undefined;
  /** Bytes that every message begins with, in hex. */
  start?: string | undefined;
  /** Bytes that a stream may begin with, in hex: a message without a length. */
  first?: string | undefined;
}

const spelling =
  /^len:(?<size>[1-8]|varint)(?<endian>be|le)?(?::at(?<offset>\d{1,2}))?(?<inclusive>:incl)?(?::adj(?<adjust>-?\d{1,5}))?(?::tail(?<tail>\d{1,2}))?(?::start(?<start>[0-9a-f]+))?(?::first(?<first>[0-9a-f]+))?$/i;

/** A length field before each message, with the settings of Netty's `LengthFieldBasedFrameDecoder`. */
export const length: Framing<LengthSpec> = {
  kind: 'length',
  words: {
    short: 'length prefix',
    label: 'Length prefix',
    help: 'A length field before each message gives the number of bytes to receive.',
    common: true,
  },
  spellings: [
    {
      text: 'len:SIZE[be|le][:atOFFSET][:incl][:adjN][:tailN][:startHEX][:firstHEX]',
      message: 'a length of SIZE bytes (1 to 8, or `varint`), then that number of bytes',
      sending: 'the length',
    },
  ],
  wrong: {
    what: 'a length that is less than the bytes it has to count (`incl`, `adjN`, `tailN`); a varint of more than 10 bytes; bytes other than `startHEX`; a stream that begins with a part of `firstHEX`',
    resume: 'after that header; with `startHEX`, at the next byte that is the first one of those',
  },
  values: {
    size: {
      type: 'choice',
      of: lengthSizes,
      labels: sizeLabels,
      words: {
        label: 'Length field size',
        help: 'Number of bytes of the length before each message: struct.pack("!I", len(data)) has 4.',
        example: '4',
        field: 'lengthSize',
      },
    },
    endian: {
      type: 'choice',
      of: ['be', 'le'],
      labels: { be: 'big-endian', le: 'little-endian' },
      default: 'be',
      words: {
        label: 'Byte order',
        help: 'Big-endian is network byte order, “!” in struct.',
        search: 'endian network order',
      },
    },
    offset: {
      type: 'whole',
      ...offsetRange,
      default: 0,
      words: {
        label: 'Length field offset (bytes)',
        help: 'Number of header bytes before the length, for example a message type.',
        search: 'offset header',
      },
    },
    inclusive: {
      type: 'flag',
      default: false,
      words: {
        label: 'Length includes the header',
        help: 'If off, the length counts only the bytes after the header.',
        search: 'inclusive',
      },
    },
    adjust: {
      type: 'whole',
      ...adjustRange,
      optional: true,
      words: {
        label: 'Length adjustment (bytes)',
        help: 'Added to the length: bytes that it does not count, or negative, header bytes that it counts. Empty: 0.',
        search: 'added lengthAdjustment',
      },
    },
    tail: {
      type: 'whole',
      ...trailerRange,
      optional: true,
      words: {
        label: 'Trailer (bytes)',
        help: 'Counted bytes at the end that are not part of the message, such as a checksum. Empty: 0.',
        search: 'trailer checksum tail',
      },
    },
    start: { ...startValue, optional: true },
    first: {
      type: 'bytes',
      least: 1,
      most: 32,
      problem: 'first bytes are 1 to 32 bytes in hex',
      optional: true,
      words: {
        label: 'First bytes of a stream',
        help: '1 to 32 bytes in hex that a stream may begin with: a message without a length. Empty: none.',
        search: 'preface greeting',
      },
    },
  },
  adds: ({ size }) => `${size === 'varint' ? size : `${size}-byte`} length prefix`,
  check({ start = '', offset }) {
    const count = framingBytes(start)?.length ?? 0;
    if (offset >= count) return undefined;
    return { value: 'offset', problem: `the length follows the start bytes: an offset is ${count} to 64` };
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
  createFramer: (spec, maxMessage) => new LengthFramer(prefixOf(spec), maxMessage),
  frameAround(spec, size) {
    const prefix = prefixOf(spec);
    const head = lengthHeader(prefix, size);
    return typeof head === 'string' ? { problem: head } : { head, tail: new Uint8Array(prefix.trailer) };
  },
  asItIs: (spec, bytes) => asRead(new LengthFramer(prefixOf(spec), noLimit), bytes),
  guesses: [
    ...['2be', '2le', '3be', '3le', '4be', '4le', '8be', '8le'].map((size) => `len:${size}`),
    ...['2be', '2le', '4be', '4le'].map((size) => `len:${size}:incl`),
  ],
  /**
   * Few random numbers are as small as the length of a message, but any byte can be a 1-byte length, and zeros look like short
   * messages. A random number yields 1.4 bits on average: these and a margin are subtracted.
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

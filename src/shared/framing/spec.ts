import { z } from 'zod';
import { assertNever } from '../assert-never.ts';
import { parseHex, toHex } from '../bytes/hex.ts';

/** After bytes that do not follow the framing: look for the next message, or stop it and take the rest as it is read. */
export const badFrames = ['resynchronise', 'stop'] as const;
export type BadFrame = (typeof badFrames)[number];

const maxFixed = 1_048_576;
const maxOffset = 64;
const maxGapMs = 600_000;

function hexBytes(text: string): Uint8Array | undefined {
  const hex = parseHex(text);
  return hex.ok && hex.bytes.length > 0 ? hex.bytes : undefined;
}

const hexByte = z
  .string()
  .max(8)
  .refine((text) => hexBytes(text)?.length === 1, 'one byte in hex, two digits');

/**
 * The rule that cuts a byte stream into messages. Bytes are hex: `0a`, `0d0a`, `03` … docs/framing.md tells what each
 * framing does.
 */
export const framingSpecSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('raw') }),
  z.object({
    kind: z.literal('delimiter'),
    delimiter: z
      .string()
      .max(96)
      .refine((text) => (hexBytes(text)?.length ?? 33) <= 32, 'a delimiter is 1 to 32 bytes in hex'),
    /** The delimiter belongs to the message. */
    keep: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal('fixed'),
    size: z.number().int().min(1, 'a length is 1 to 1048576').max(maxFixed, 'a length is 1 to 1048576'),
    /** What a shorter message is filled up with when it is sent. */
    pad: hexByte.default('00'),
  }),
  z.object({
    kind: z.literal('length'),
    size: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal('varint')]),
    endian: z.enum(['be', 'le']).default('be'),
    /** Bytes of header before the length. */
    offset: z.number().int().min(0).max(maxOffset, 'an offset is 0 to 64').default(0),
    /** The length counts the header too. */
    inclusive: z.boolean().default(false),
  }),
  z
    .object({
      kind: z.literal('stx'),
      stx: hexByte.default('02'),
      etx: hexByte.default('03'),
      escape: hexByte.default('10'),
    })
    .refine((spec) => {
      const bytes = [spec.stx, spec.etx, spec.escape].map((text) => hexBytes(text)?.[0]);
      return new Set(bytes).size === 3;
    }, 'STX, ETX and the escape byte must differ'),
  z.object({ kind: z.literal('slip') }),
  z.object({ kind: z.literal('cobs') }),
  z.object({ kind: z.literal('json') }),
  z.object({ kind: z.literal('json-array') }),
  z.object({ kind: z.literal('xml') }),
  z.object({ kind: z.literal('http') }),
  z.object({
    kind: z.literal('gap'),
    ms: z.number().int().min(1, 'a gap is 1 to 600000 ms').max(maxGapMs, 'a gap is 1 to 600000 ms'),
  }),
]);

export type FramingSpec = z.infer<typeof framingSpecSchema>;

/**
 * What the command line accepts, for its help and its errors: words as they are, capitals for what is to be filled in,
 * brackets around what may be left out.
 */
export const framingSpellings = [
  'raw',
  'line[:keep]',
  'line:crlf[:keep]',
  'line:cr[:keep]',
  'delim:HEX[:keep]',
  'fixed:SIZE[:padHEX]',
  'len:1[:atOFFSET][:incl]',
  'len:2be|2le|4be|4le|8be|8le[:atOFFSET][:incl]',
  'len:varint[:atOFFSET][:incl]',
  'stx[:STX:ETX:ESCAPE]',
  'slip',
  'cobs',
  'json',
  'json:array',
  'xml',
  'http',
  'gap:MS',
] as const;

const lines: readonly (readonly [name: string, delimiter: string])[] = [
  ['line', '0a'],
  ['line:crlf', '0d0a'],
  ['line:cr', '0d'],
];

/**
 * Reads the command line's spelling of a framing (`line`, `line:crlf`, `delim:0d0a`, `len:4be`, `json` …); `undefined`
 * where it is none.
 */
export function parseFraming(text: string): FramingSpec | undefined {
  const written = specWritten(text);
  const parsed = written && framingSpecSchema.safeParse(written);
  return parsed?.success ? parsed.data : undefined;
}

/** What `text` spells, before its values are checked. */
function specWritten(text: string): object | undefined {
  const [name = '', ...rest] = text.split(':');
  switch (name) {
    case 'line':
    case 'delim':
      return delimiterWritten(text);
    case 'fixed':
      return fixedWritten(text);
    case 'len':
      return lengthWritten(text);
    case 'gap': {
      const ms = /^gap:(\d{1,6})$/.exec(text)?.[1];
      return ms === undefined ? undefined : { kind: 'gap', ms: Number(ms) };
    }
    case 'stx': {
      if (rest.length === 0) return { kind: 'stx' };
      return rest.length === 3 ? { kind: 'stx', stx: rest[0], etx: rest[1], escape: rest[2] } : undefined;
    }
    case 'json':
      if (text === 'json:array') return { kind: 'json-array' };
      return text === 'json' ? { kind: 'json' } : undefined;
    case 'raw':
    case 'slip':
    case 'cobs':
    case 'xml':
    case 'http':
      return rest.length === 0 ? { kind: name } : undefined;
    default:
      return undefined;
  }
}

function delimiterWritten(text: string): object | undefined {
  const keep = text.endsWith(':keep');
  const name = keep ? text.slice(0, -':keep'.length) : text;
  const known = name === 'line:lf' ? '0a' : lines.find(([line]) => line === name)?.[1];
  const delimiter = known ?? /^delim:([0-9a-f]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (delimiter === undefined) return undefined;
  return keep ? { kind: 'delimiter', delimiter, keep } : { kind: 'delimiter', delimiter };
}

function fixedWritten(text: string): object | undefined {
  const [, size, pad] = /^fixed:(\d{1,7})(?::pad([0-9a-f]{2}))?$/i.exec(text) ?? [];
  if (size === undefined) return undefined;
  return { kind: 'fixed', size: Number(size), ...(pad === undefined ? {} : { pad: pad.toLowerCase() }) };
}

function lengthWritten(text: string): object | undefined {
  const [all, size, endian, offset, inclusive] =
    /^len:(1|2|4|8|varint)(be|le)?(?::at(\d{1,2}))?(:incl)?$/.exec(text) ?? [];
  if (all === undefined || (size === 'varint' && endian !== undefined)) return undefined;
  return {
    kind: 'length',
    size: size === 'varint' ? size : Number(size),
    endian: endian ?? 'be',
    offset: Number(offset ?? 0),
    inclusive: inclusive !== undefined,
  };
}

/** The command line's spelling of `spec`, the inverse of `parseFraming`; one spelling for all that cut alike. */
export function formatFraming(spec: FramingSpec): string {
  switch (spec.kind) {
    case 'delimiter': {
      const delimiter = canonicalHex(spec.delimiter);
      const name = lines.find(([, bytes]) => bytes === delimiter)?.[0] ?? `delim:${delimiter}`;
      return spec.keep ? `${name}:keep` : name;
    }
    case 'fixed': {
      const pad = canonicalHex(spec.pad);
      return `fixed:${spec.size}${pad === '00' ? '' : `:pad${pad}`}`;
    }
    case 'length': {
      const endian = typeof spec.size === 'number' && spec.size > 1 ? spec.endian : '';
      const offset = spec.offset > 0 ? `:at${spec.offset}` : '';
      return `len:${spec.size}${endian}${offset}${spec.inclusive ? ':incl' : ''}`;
    }
    case 'stx': {
      const bytes = [spec.stx, spec.etx, spec.escape].map(canonicalHex).join(':');
      return bytes === '02:03:10' ? 'stx' : `stx:${bytes}`;
    }
    case 'json-array':
      return 'json:array';
    case 'gap':
      return `gap:${spec.ms}`;
    case 'raw':
    case 'slip':
    case 'cobs':
    case 'json':
    case 'xml':
    case 'http':
      return spec.kind;
    default:
      return assertNever(spec);
  }
}

function canonicalHex(text: string): string {
  return toHex(hexBytes(text) ?? new Uint8Array(0));
}

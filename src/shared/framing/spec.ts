import { assertNever } from '../assert-never.ts';
import { toHex } from '../bytes/hex.ts';
import {
  framingBytes,
  gapRange,
  isDelimiter,
  isHexByte,
  isInRange,
  isStxDistinct,
  offsetRange,
  sizeRange,
} from './values.ts';

/** After bytes that do not follow the framing: look for the next message, or stop it and take the rest as it is read. */
export const badFrames = ['resynchronise', 'stop'] as const;
export type BadFrame = (typeof badFrames)[number];

/** The bytes of a length; `varint` has as many as it needs. */
export const lengthSizes = [1, 2, 4, 8, 'varint'] as const;
/** The framings that have no values. */
export const plainFramings = ['raw', 'slip', 'cobs', 'json', 'json-array', 'xml', 'http'] as const;

/**
 * The rule that splits a byte stream into messages. Bytes are hex: `0a`, `0d0a`, `03` … docs/framing.md describes each
 * framing.
 */
export type FramingSpec =
  | { kind: (typeof plainFramings)[number] }
  /** `keep`: the delimiter belongs to the message. */
  | { kind: 'delimiter'; delimiter: string; keep?: boolean | undefined }
  /** `pad` fills up a shorter message when it is sent. */
  | { kind: 'fixed'; size: number; pad: string }
  /** `offset`: bytes of header before the length; `inclusive`: the length counts the header too. */
  | { kind: 'length'; size: (typeof lengthSizes)[number]; endian: 'be' | 'le'; offset: number; inclusive: boolean }
  | { kind: 'stx'; stx: string; etx: string; escape: string }
  | { kind: 'gap'; ms: number };

/** What holds where a value is left out. */
export const framingDefaults = {
  fixed: { pad: '00' },
  length: { endian: 'be', offset: 0, inclusive: false },
  stx: { stx: '02', etx: '03', escape: '10' },
} as const;

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
  const [name = '', ...rest] = text.split(':');
  switch (name) {
    case 'line':
    case 'delim':
      return parseDelimiter(text);
    case 'fixed':
      return parseFixed(text);
    case 'len':
      return parseLength(text);
    case 'gap': {
      const ms = Number(/^gap:(\d{1,6})$/.exec(text)?.[1]);
      return isInRange(ms, gapRange) ? { kind: 'gap', ms } : undefined;
    }
    case 'stx':
      return parseStx(rest);
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

function parseDelimiter(text: string): FramingSpec | undefined {
  const keep = text.endsWith(':keep');
  const name = keep ? text.slice(0, -':keep'.length) : text;
  const known = name === 'line:lf' ? '0a' : lines.find(([line]) => line === name)?.[1];
  const written = /^delim:(.+)$/s.exec(name)?.[1];
  if (known === undefined && (written === undefined || !isDelimiter(written))) return undefined;
  const delimiter = known ?? canonicalHex(written ?? '');
  return keep ? { kind: 'delimiter', delimiter, keep } : { kind: 'delimiter', delimiter };
}

function parseFixed(text: string): FramingSpec | undefined {
  const [, digits, pad] = /^fixed:(\d{1,7})(?::pad(.+))?$/s.exec(text) ?? [];
  const size = Number(digits);
  if (!isInRange(size, sizeRange) || (pad !== undefined && !isHexByte(pad))) return undefined;
  return { kind: 'fixed', size, pad: pad === undefined ? framingDefaults.fixed.pad : canonicalHex(pad) };
}

function parseLength(text: string): FramingSpec | undefined {
  const [all, word, endian, digits = '0', inclusive] =
    /^len:(1|2|4|8|varint)(be|le)?(?::at(\d{1,2}))?(:incl)?$/.exec(text) ?? [];
  const size = lengthSizes.find((known) => String(known) === word);
  const offset = Number(digits);
  if (all === undefined || size === undefined || !isInRange(offset, offsetRange)) return undefined;
  if (size === 'varint' && endian !== undefined) return undefined;
  return { kind: 'length', size, endian: endian === 'le' ? 'le' : 'be', offset, inclusive: inclusive !== undefined };
}

function parseStx(bytes: readonly string[]): FramingSpec | undefined {
  if (bytes.length === 0) return { kind: 'stx', ...framingDefaults.stx };
  const [stx, etx, dle] = bytes;
  if (bytes.length !== 3 || stx === undefined || etx === undefined || dle === undefined) return undefined;
  const spec = { stx, etx, escape: dle };
  return bytes.every(isHexByte) && isStxDistinct(spec) ? { kind: 'stx', ...spec } : undefined;
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
  return toHex(framingBytes(text) ?? new Uint8Array(0));
}

import { loadTableCodec, singleByteCodec, windows1252 } from './encoding-tables.ts';
import { type Codec, utf8Codec, utf16Codec } from './unicode-codecs.ts';

/** An encoding of text. */
export interface Encoding {
  readonly name: string;
  /** As in a menu. */
  readonly label: string;
  /** The encoding without its byte order mark, such as `utf-16le`: the key of its codec. */
  readonly base: string;
  /** The byte order mark at the start of the bytes, empty without one. */
  readonly mark: readonly number[];
}

const utf8Mark = [0xef, 0xbb, 0xbf];
const utf16LeMark = [0xff, 0xfe];
const utf16BeMark = [0xfe, 0xff];

/** Every encoding of payloads, in the order of menus. */
export const encodings = [
  { name: 'utf-8', label: 'UTF-8', base: 'utf-8', mark: [] },
  { name: 'utf-8-bom', label: 'UTF-8 with byte order mark', base: 'utf-8', mark: utf8Mark },
  { name: 'utf-16le', label: 'UTF-16 LE', base: 'utf-16le', mark: [] },
  { name: 'utf-16le-bom', label: 'UTF-16 LE with byte order mark', base: 'utf-16le', mark: utf16LeMark },
  { name: 'utf-16be', label: 'UTF-16 BE', base: 'utf-16be', mark: [] },
  { name: 'utf-16be-bom', label: 'UTF-16 BE with byte order mark', base: 'utf-16be', mark: utf16BeMark },
  { name: 'iso-8859-1', label: 'Latin-1 (ISO 8859-1)', base: 'iso-8859-1', mark: [] },
  { name: 'windows-1252', label: 'Windows-1252', base: 'windows-1252', mark: [] },
  { name: 'gbk', label: 'GBK', base: 'gbk', mark: [] },
  { name: 'shift_jis', label: 'Shift_JIS', base: 'shift_jis', mark: [] },
] as const satisfies readonly Encoding[];

export type EncodingName = (typeof encodings)[number]['name'];

/** `at` is the offset of the character, in UTF-16 units, that the encoding cannot represent. */
export type Encoded =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly at: number; readonly reason: string };

/** `at` is the offset of the first byte that is not part of a character. */
export type Decoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly at: number; readonly reason: string };

/** The codecs that need no tables, each created with its first use. */
const builtIn: ReadonlyMap<string, () => Codec> = new Map([
  ['utf-8', () => utf8Codec],
  ['utf-16le', () => utf16Codec(true)],
  ['utf-16be', () => utf16Codec(false)],
  ['iso-8859-1', () => singleByteCodec((byte) => byte)],
  ['windows-1252', () => singleByteCodec(windows1252)],
]);

const codecs = new Map<string, Codec>();

/** Loads the tables of an encoding, which `gbk` and `shift_jis` need before `encodeText` and `decodeText`. */
export async function loadEncoding(name: EncodingName): Promise<void> {
  if (!codecs.has(name) && (name === 'gbk' || name === 'shift_jis')) codecs.set(name, await loadTableCodec(name));
}

function codecOf(name: EncodingName): { encoding: Encoding; codec: Codec } {
  const encoding = encodings.find((one) => one.name === name);
  const codec = encoding && (codecs.get(encoding.base) ?? builtIn.get(encoding.base)?.());
  if (!codec) throw new Error(`The encoding ${name} is not loaded`);
  codecs.set(encoding.base, codec);
  return { encoding, codec };
}

/**
 * Encodes `text`, after the byte order mark if the encoding has one. A character that the encoding cannot represent is an error, never
 * another character. Throws if the encoding has to be loaded first.
 */
export function encodeText(text: string, name: EncodingName): Encoded {
  const { encoding, codec } = codecOf(name);
  const bytes = codec.encode(text, encoding.mark);
  if (typeof bytes !== 'number') return { ok: true, bytes };
  const char = String.fromCodePoint(text.codePointAt(bytes) as number);
  const code = `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
  const isLone = /\p{Cs}/u.test(char);
  const reason = isLone ? `${code} is half of a surrogate pair` : `${encoding.label} has no character ${code}`;
  return { ok: false, at: bytes, reason };
}

/**
 * Decodes `bytes`. The byte order mark of the encoding is required and removed; another U+FEFF is a character. Throws if the encoding has
 * to be loaded first.
 */
export function decodeText(bytes: Uint8Array, name: EncodingName): Decoded {
  const { encoding, codec } = codecOf(name);
  const { label, mark } = encoding;
  if (!mark.every((byte, at) => bytes[at] === byte))
    return { ok: false, at: 0, reason: 'The byte order mark is missing' };
  const text = codec.decode(bytes.subarray(mark.length));
  if (text !== undefined) return { ok: true, text };
  const at = endOfValid(bytes, mark.length, codec);
  return { ok: false, at, reason: `Not ${label}: these bytes are not a character` };
}

/** Returns the offset after the last one of the whole characters from `from`. */
function endOfValid(bytes: Uint8Array, from: number, { lengthAt }: Codec): number {
  let at = from;
  for (let length = 1; at < bytes.length && length > 0; at += length) length = lengthAt(bytes, at);
  return at;
}

/** A part of some bytes, `[from, to)`: its text, or `undefined` if it is not a character. */
export interface TextPart {
  readonly from: number;
  readonly to: number;
  readonly text: string | undefined;
}

/**
 * Splits `bytes` without a byte order mark into valid text that encodes to the same bytes, and bytes that are not a character or that have
 * a second code in the encoding. Throws if the encoding has to be loaded first.
 */
export function* textParts(bytes: Uint8Array, name: EncodingName): Generator<TextPart> {
  const { codec } = codecOf(name);
  for (let at = 0; at < bytes.length; ) {
    const end = endOfValid(bytes, at, codec);
    if (end > at) yield* reversibleParts(bytes, at, end, codec);
    at = end;
    while (at < bytes.length && codec.lengthAt(bytes, at) === 0) at = Math.min(at + codec.unitSize, bytes.length);
    if (at > end) yield { from: end, to: at, text: undefined };
  }
}

/** Splits valid bytes: one part if they are what the text encodes to, otherwise a part for each character. */
function* reversibleParts(bytes: Uint8Array, from: number, to: number, codec: Codec): Generator<TextPart> {
  if (from === to) return;
  const part = bytes.subarray(from, to);
  const text = codec.decode(part) as string;
  const encoded = codec.encode(text, []);
  const isReversible = typeof encoded !== 'number' && isEqual(encoded, part);
  const length = codec.lengthAt(bytes, from);
  if (isReversible || length === to - from) {
    yield { from, to, text: isReversible ? text : undefined };
    return;
  }
  for (let at = from; at < to; ) {
    const next = at + codec.lengthAt(bytes, at);
    yield* reversibleParts(bytes, at, next, codec);
    at = next;
  }
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

/** Returns the encoding without a byte order mark, and the mark. */
export function partsOfEncoding(name: EncodingName): { readonly base: EncodingName; readonly mark: readonly number[] } {
  return encodings.find((one) => one.name === name) as (typeof encodings)[number];
}

/** Returns the encoding whose byte order mark `bytes` begin with, if any. */
export function markedEncoding(bytes: Uint8Array): EncodingName | undefined {
  return encodings.find(({ mark }) => mark.length > 0 && mark.every((byte, at) => bytes[at] === byte))?.name;
}

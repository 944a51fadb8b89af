import { hidden, hiddenInLines, replaceHidden, symbolOf } from './hidden.ts';

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Encodes `text` as UTF-8. A lone surrogate becomes U+FFFD, as the encoding standard requires. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

const measured = 65_536;
/** The buffer for a part of a measured text: three bytes are enough for each UTF-16 unit. */
let scratch: Uint8Array<ArrayBuffer> | undefined;

/** Returns the length of `encodeUtf8(text)` without allocating it. */
export function utf8Length(text: string): number {
  if (text.length <= measured) return encodeUtf8(text).length;
  scratch ??= new Uint8Array(3 * measured);
  let length = 0;
  for (let start = 0; start < text.length; ) {
    let end = start + measured;
    // A surrogate pair is one character and must not be split.
    if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    length += encoder.encodeInto(text.slice(start, end), scratch).written;
    start = end;
  }
  return length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Decodes UTF-8; returns `undefined` if `bytes` are not valid UTF-8. A byte order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Decodes `bytes` for display: invalid UTF-8 becomes U+FFFD. Never throws. */
export function decodeUtf8Lossy(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/**
 * Returns one line of text for a table cell: at most `maxBytes` of `bytes` as UTF-8, with each control character as its symbol (`␀`, `␊`,
 * `␍`, `␛`, `⟨U+FEFF⟩`, …), so that the bytes of a peer cannot break the line or hide. A character that the limit would split is left out.
 */
export function previewText(bytes: Uint8Array, maxBytes = 256): string {
  let end = Math.min(bytes.length, maxBytes);
  if (end < bytes.length) {
    // Step back over the continuation bytes (10xxxxxx) of a character that the limit splits: at most three.
    for (let back = 0; back < 3 && end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80; back += 1) end -= 1;
  }
  return showControls(lenient.decode(bytes.subarray(0, end)));
}

/**
 * Returns `text` on one line without hidden characters: each C0 control character and DEL becomes its Unicode symbol; C1, bidirectional
 * marks, tags and other characters that are not drawn become their names: `⟨U+FEFF⟩` (`hidden.ts`).
 */
export function showControls(text: string): string {
  return replaceHidden(text, hidden, symbolOf);
}

/** Returns `text` as `showControls` does, but keeps line feeds and tabs. All output to a terminal passes through this function. */
export function showLines(text: string): string {
  return replaceHidden(text, hiddenInLines, symbolOf);
}

/**
 * Returns the offset after the last whole character of `bytes`, if they are UTF-8. The remaining bytes, at most three, may be the start
 * of another character.
 */
export function endOfCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  // The first byte of a character gives its length (RFC 3629), so an incomplete one has at most three bytes.
  for (let back = 1; back <= Math.min(3, length); back += 1) {
    const byte = bytes[length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    return characterSize(byte) > back ? length - back : length;
  }
  return length;
}

/** Returns the length of a character that begins with `byte`; 1 also for a byte that cannot begin one (RFC 3629). */
export function characterSize(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

/** Returns the length of the well-formed UTF-8 sequence at `at` (RFC 3629), 0 without one. */
export function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let index = 2; index < length; index += 1) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

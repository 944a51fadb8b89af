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

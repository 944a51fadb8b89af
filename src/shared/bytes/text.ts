import { hidden, hiddenInLines, replaceHidden, symbolOf } from './hidden.ts';

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** The UTF-8 bytes of `text`. A lone surrogate becomes U+FFFD, as the encoding standard says. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

const measured = 65_536;
/** Where a part of a measured text is written: three bytes are enough for each UTF-16 unit. */
let scratch: Uint8Array<ArrayBuffer> | undefined;

/** Returns how many bytes `encodeUtf8(text)` has, without as much memory. */
export function utf8Length(text: string): number {
  if (text.length <= measured) return encodeUtf8(text).length;
  scratch ??= new Uint8Array(3 * measured);
  let length = 0;
  for (let start = 0; start < text.length; ) {
    let end = start + measured;
    // A surrogate pair is one character: it is not split.
    if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    length += encoder.encodeInto(text.slice(start, end), scratch).written;
    start = end;
  }
  return length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** The text that `bytes` are in UTF-8, or `undefined` where they are not valid UTF-8. A byte order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The text of `bytes` for showing: what is not UTF-8 becomes U+FFFD. Never throws. */
export function decodeUtf8Lossy(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/**
 * One line of text for a table cell: at most `maxBytes` of `bytes` as UTF-8, with every control character as its
 * symbol (`␀`, `␊`, `␍`, `␛`, `⟨U+FEFF⟩` …) so that nothing a peer sends can break the line or hide. A character that the cut
 * would split is left out.
 */
export function previewText(bytes: Uint8Array, maxBytes = 256): string {
  let end = Math.min(bytes.length, maxBytes);
  if (end < bytes.length) {
    // Step back over the continuation bytes (10xxxxxx) of a character that the cut splits: at most three.
    for (let back = 0; back < 3 && end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80; back += 1) end -= 1;
  }
  return showControls(lenient.decode(bytes.subarray(0, end)));
}

/**
 * Returns `text` on one line and with nothing that acts or hides: each C0 control character and DEL is replaced by its
 * Unicode symbol, C1, bidirectional marks, tags and other characters that are not drawn by their names: `⟨U+FEFF⟩` (`hidden.ts`).
 */
export function showControls(text: string): string {
  return replaceHidden(text, hidden, symbolOf);
}

/** Returns `text` as `showControls` does, but for line feeds and tabs, which stay. All that goes to a terminal passes here. */
export function showLines(text: string): string {
  return replaceHidden(text, hiddenInLines, symbolOf);
}

/** A piece of decoded text: characters, or bytes that are not UTF-8 (or not to be seen). */
export type TextSegment =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'invalid'; readonly at: number; readonly text: string; readonly title: string }
  | { readonly kind: 'control'; readonly at: number; readonly text: string; readonly title: string };

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * `bytes` as UTF-8 in pieces: what is not UTF-8 stands apart as hex, and so do control characters but for line breaks and
 * tabs, and the marks that turn the direction of writing. Nothing a peer sends can pose as something else. `at` is the
 * offset of a piece in bytes.
 */
export function textSegments(bytes: Uint8Array): TextSegment[] {
  const segments: TextSegment[] = [];
  let start = 0;
  let at = 0;
  const flush = (end: number) => {
    if (end > start) splitControls(segments, decoder.decode(bytes.subarray(start, end)), start);
  };
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    flush(at);
    let end = at + 1;
    while (end < bytes.length && sequenceLength(bytes, end) === 0) end += 1;
    const hex = Array.from(bytes.subarray(at, end), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const count = end - at === 1 ? '1 byte is' : `${end - at} bytes are`;
    segments.push({ kind: 'invalid', at, text: hex, title: `${count} not UTF-8, at offset ${at}` });
    start = end;
    at = end;
  }
  flush(bytes.length);
  return segments;
}

/** The text before, in and behind a place. A place that begins or ends inside a character is widened to all of it. */
export function textParts(
  bytes: Uint8Array,
  place: { readonly at: number; readonly length: number } | undefined,
): { before: TextSegment[]; match: TextSegment[]; after: TextSegment[] } {
  if (!place || place.at + place.length > bytes.length) return { before: textSegments(bytes), match: [], after: [] };
  const isInside = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  let from = place.at;
  let to = place.at + place.length;
  for (let left = 3; left > 0 && from > 0 && isInside(from); left -= 1) from -= 1;
  for (let left = 3; left > 0 && to < bytes.length && isInside(to); left -= 1) to += 1;
  return {
    before: textSegments(bytes.subarray(0, from)),
    match: textSegments(bytes.subarray(from, to)),
    after: textSegments(bytes.subarray(to)),
  };
}

/** The length of the well-formed UTF-8 sequence at `at` (RFC 3629), 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
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

const hidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/g;

function splitControls(segments: TextSegment[], text: string, at: number): void {
  let start = 0;
  for (const match of text.matchAll(hidden)) {
    if (match.index > start) segments.push({ kind: 'text', at: at + start, text: text.slice(start, match.index) });
    const code = match[0].charCodeAt(0);
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    const shown = code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : name;
    segments.push({ kind: 'control', at: at + match.index, text: shown, title: `control character ${name}` });
    start = match.index + 1;
  }
  if (start < text.length) segments.push({ kind: 'text', at: at + start, text: text.slice(start) });
}

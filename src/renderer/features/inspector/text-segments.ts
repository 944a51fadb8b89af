import { hidden, hiddenInLines } from '#shared/bytes/hidden.ts';
import { lineEndOf } from '#shared/payload/line-ends.ts';
import { shownText } from '../../ui/escape-symbol.ts';

/** A piece of decoded text: characters, bytes that are not UTF-8, a character that cannot be seen, a line end or tab. */
export type TextSegment =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'invalid'; readonly at: number; readonly text: string; readonly title: string }
  | { readonly kind: 'end'; readonly at: number; readonly text: string; readonly title: string }
  | { readonly kind: 'control'; readonly at: number; readonly text: string; readonly title: string };

/** More marks than these stand in the text without a frame of their own. */
const maxSegments = 20_000;

interface Context {
  readonly reveal: boolean;
  readonly next: number | undefined;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * `bytes` as UTF-8 in pieces: what is not UTF-8 stands apart as hex, and so do control characters but for line breaks and
 * tabs, and the marks that turn the direction of writing. Nothing a peer sends can pose as something else. With `reveal`
 * line ends and tabs have their symbols too; a CR alone ends a line with and without. `next` is the byte behind `bytes`.
 */
export function textSegments(bytes: Uint8Array, { reveal = false, next }: Partial<Context> = {}): TextSegment[] {
  const segments: TextSegment[] = [];
  let start = 0;
  let at = 0;
  const flush = (end: number) => {
    const behind = end === bytes.length ? next : bytes[end];
    if (end > start)
      splitControls(segments, decoder.decode(bytes.subarray(start, end)), start, { reveal, next: behind });
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
  reveal = false,
): { before: TextSegment[]; match: TextSegment[]; after: TextSegment[] } {
  if (!place || place.at + place.length > bytes.length) {
    return { before: textSegments(bytes, { reveal }), match: [], after: [] };
  }
  const isInside = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  let from = place.at;
  let to = place.at + place.length;
  for (let left = 3; left > 0 && from > 0 && isInside(from); left -= 1) from -= 1;
  for (let left = 3; left > 0 && to < bytes.length && isInside(to); left -= 1) to += 1;
  return {
    before: textSegments(bytes.subarray(0, from), { reveal, next: bytes[from] }),
    match: textSegments(bytes.subarray(from, to), { reveal, next: bytes[to] }),
    after: textSegments(bytes.subarray(to), { reveal }),
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

const special = new RegExp(`\\r\\n|[\\r\\n\\t]|${hidden.source}`, 'gu');

const endSymbols: Readonly<Record<string, readonly [symbol: string, title: string]>> = {
  '\n': ['\\n', 'LF (0a)'],
  '\r\n': ['\\r\\n', 'CR LF (0d 0a)'],
  '\r': ['\\r', 'CR (0d)'],
};

/** Returns true where `bytes` have a CR or line ends of several kinds, or a character that cannot be seen. */
export function isUnusual(bytes: Uint8Array): boolean {
  const text = decoder.decode(bytes);
  const kind = lineEndOf(text);
  return (kind !== undefined && kind !== 'lf') || text.search(hiddenInLines) >= 0;
}

/** Adds `text` to `segments` with marks for what cannot be seen. */
function splitControls(segments: TextSegment[], text: string, at: number, { reveal, next }: Context): void {
  let plain = '';
  let plainAt = at;
  let start = 0;
  const add = (segment: Exclude<TextSegment, { kind: 'text' }>, behind: string, end: number) => {
    // Each mark is an element of the page: beyond so many, the symbols stand in the text.
    if (segments.length >= maxSegments) plain += segment.text;
    else {
      if (plain !== '') segments.push({ kind: 'text', at: plainAt, text: plain });
      segments.push(segment);
      plain = '';
      plainAt = at + end;
    }
    plain += behind;
  };
  for (const { 0: found, index } of text.matchAll(special)) {
    plain += text.slice(start, index);
    start = index + found.length;
    const [symbol, title] = endSymbols[found] ?? [];
    if (symbol !== undefined && title !== undefined) {
      // The LF of this CR is in the next piece.
      const isHalf = found === '\r' && start === text.length && next === 10;
      const lineBreak = isHalf ? '' : '\n';
      if (reveal) add({ kind: 'end', at: at + index, text: symbol, title }, lineBreak, start);
      else plain += lineBreak;
    } else if (found === '\t') {
      if (reveal) add({ kind: 'end', at: at + index, text: '\\t', title: 'tab (09)' }, '\t', start);
      else plain += '\t';
    } else add(controlMark(found, at + index), '', start);
  }
  plain += text.slice(start);
  if (plain !== '') segments.push({ kind: 'text', at: plainAt, text: plain });
}

function controlMark(char: string, at: number): Extract<TextSegment, { kind: 'control' }> {
  const code = char.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return { kind: 'control', at, text: shownText(char), title: `control character ${name}` };
}

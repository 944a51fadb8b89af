import { countMarks, marksBeyond, maxMarks } from '#shared/bytes/clusters.ts';
import { hiddenInLines, hiddenSource } from '#shared/bytes/hidden.ts';
import { sequenceLength } from '#shared/bytes/utf8.ts';
import { lineEndOf } from '#shared/payload/line-ends.ts';
import { shownText } from '../../ui/escape-symbol.ts';
import { countOf } from '../../ui/figures.ts';
import type { TextBlock } from './text-blocks.ts';

/** A piece of decoded text: characters, bytes that are not UTF-8, a character that cannot be seen, a line end or tab. */
export type TextSegment =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'invalid'; readonly at: number; readonly text: string; readonly title: string }
  | { readonly kind: 'end'; readonly at: number; readonly text: string; readonly title: string }
  | { readonly kind: 'control'; readonly at: number; readonly text: string; readonly title: string };

interface Context {
  readonly reveal: boolean;
  readonly next: number | undefined;
  /** Where `bytes` begin in the message. */
  readonly start: number;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * `bytes` as UTF-8 in pieces: what is not UTF-8 stands apart as hex, and so do control characters but for line breaks and
 * tabs, and the marks that turn the direction of writing. Nothing a peer sends can pose as something else. With `reveal`
 * line ends and tabs have their symbols too; a CR alone ends a line with and without. `next` is the byte behind `bytes`. A run
 * of one control character is one piece, and so are the combining marks beyond 30 on one character: their number is shown.
 */
export function textSegments(
  bytes: Uint8Array,
  { reveal = false, next, start: base = 0 }: Partial<Context> = {},
): TextSegment[] {
  const segments: TextSegment[] = [];
  let start = 0;
  let at = 0;
  const flush = (end: number) => {
    const behind = end === bytes.length ? next : bytes[end];
    if (end > start)
      splitControls(segments, decoder.decode(bytes.subarray(start, end)), {
        reveal,
        next: behind,
        start: base + start,
      });
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
    segments.push({ kind: 'invalid', at: base + at, text: hex, title: `${count} not UTF-8, at offset ${base + at}` });
    start = end;
    at = end;
  }
  flush(bytes.length);
  return segments;
}

/**
 * The text before, in and behind a place, both within `[from, to)` of `bytes`. A place that begins or ends inside a
 * character is widened to all of it.
 */
export function textParts(
  bytes: Uint8Array,
  { from, to }: TextBlock,
  place: { readonly at: number; readonly length: number } | undefined,
  reveal = false,
): { before: TextSegment[]; match: TextSegment[]; after: TextSegment[] } {
  const segments = (start: number, end: number) =>
    textSegments(bytes.subarray(start, end), { reveal, next: bytes[end], start });
  if (!place || place.at >= to || place.at + place.length <= from || place.at + place.length > bytes.length) {
    return { before: segments(from, to), match: [], after: [] };
  }
  const isInside = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  let first = Math.max(from, place.at);
  let end = Math.min(to, place.at + place.length);
  for (let left = 3; left > 0 && first > from && isInside(first); left -= 1) first -= 1;
  for (let left = 3; left > 0 && end < to && isInside(end); left -= 1) end += 1;
  return { before: segments(from, first), match: segments(first, end), after: segments(end, to) };
}

/** How many runs of bytes in `bytes` are not UTF-8. */
export function countInvalid(bytes: Uint8Array): number {
  let count = 0;
  let wasValid = true;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0 && wasValid) count += 1;
    wasValid = length > 0;
    at += Math.max(length, 1);
  }
  return count;
}

const special = new RegExp(`\\r\\n|[\\r\\n\\t]|(?<run>${hiddenSource})\\k<run>*|${marksBeyond.source}`, 'gu');

const endSymbols: Readonly<Record<string, readonly [symbol: string, title: string]>> = {
  '\n': ['\\n', 'LF (0a)'],
  '\r\n': ['\\r\\n', 'CR LF (0d 0a)'],
  '\r': ['\\r', 'CR (0d)'],
};

/** Returns true where `bytes` have a CR or line ends of several kinds, or a character that cannot be seen. */
export function isUnusual(bytes: Uint8Array): boolean {
  const text = decoder.decode(bytes);
  const kind = lineEndOf(text);
  return (kind !== undefined && kind !== 'lf') || text.search(hiddenInLines()) >= 0;
}

/** Adds `text` to `segments` with marks for what cannot be seen. */
function splitControls(segments: TextSegment[], text: string, { reveal, next, start: base }: Context): void {
  let plain = '';
  let plainAt = base;
  let start = 0;
  const add = (segment: Exclude<TextSegment, { kind: 'text' }>, behind: string) => {
    if (plain !== '') segments.push({ kind: 'text', at: plainAt, text: plain });
    segments.push(segment);
    plain = behind;
    plainAt = base + start;
  };
  for (const { 0: found, index, groups } of text.matchAll(special)) {
    plain += text.slice(start, index);
    start = index + found.length;
    const at = base + index;
    const [symbol, title] = endSymbols[found] ?? [];
    if (symbol !== undefined && title !== undefined) {
      // The LF of this CR is in the next piece.
      const isHalf = found === '\r' && start === text.length && next === 10;
      const lineBreak = isHalf ? '' : '\n';
      if (reveal) add({ kind: 'end', at, text: symbol, title }, lineBreak);
      else plain += lineBreak;
    } else if (found === '\t') {
      if (reveal) add({ kind: 'end', at, text: '\\t', title: 'tab (09)' }, '\t');
      else plain += '\t';
    } else add(groups?.run === undefined ? marksMark(found, at) : controlMark(found, at), '');
  }
  plain += text.slice(start);
  if (plain !== '') segments.push({ kind: 'text', at: plainAt, text: plain });
}

type ControlSegment = Extract<TextSegment, { kind: 'control' }>;

/** A run of one control character. */
function controlMark(run: string, at: number): ControlSegment {
  const code = run.codePointAt(0) ?? 0;
  const char = String.fromCodePoint(code);
  const count = run.length / char.length;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const title = count === 1 ? `control character ${name}` : `${countOf(count, 'control character')} ${name}`;
  return { kind: 'control', at, text: shownText(char).repeat(count), title };
}

/** Combining marks of which a character has too many already. */
function marksMark(marks: string, at: number): ControlSegment {
  const text = `+${countOf(countMarks(marks), 'mark')}`;
  return { kind: 'control', at, text, title: `${text.slice(1)} more on one character: only ${maxMarks} are shown` };
}

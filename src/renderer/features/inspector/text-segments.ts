import { countMarks, isMark, marksBeyond, maxMarks } from '#shared/bytes/clusters.ts';
import { hiddenInLines, hiddenSource } from '#shared/bytes/hidden.ts';
import { sequenceLength } from '#shared/bytes/utf8.ts';
import { lineEndOf } from '#shared/payload/line-ends.ts';
import { shownText } from '../../ui/text.ts';
import { strings } from './strings.ts';

/** A part of a text that is drawn separately: bytes `[from, to)`. */
export interface TextBlock {
  readonly from: number;
  readonly to: number;
  /** Number of line ends in it. */
  readonly lines: number;
}

/** Maximum size of a block. The visible blocks and a few more are drawn at the same time. */
export const maxBlockBytes = 2_048;
export const maxBlockLines = 256;

/**
 * Splits a text into blocks of at most `maxBlockBytes` and `maxBlockLines`: after a line end if there is one, else
 * between two characters. Combining marks stay in the block of their character, even if they exceed the maximum.
 */
export function textBlocks(bytes: Uint8Array): TextBlock[] {
  const blocks: TextBlock[] = [];
  for (let from = 0; from < bytes.length; ) {
    const block = blockAt(bytes, from);
    blocks.push(block);
    from = block.to;
  }
  return blocks;
}

function blockAt(bytes: Uint8Array, from: number): TextBlock {
  const most = Math.min(bytes.length, from + maxBlockBytes);
  let lines = 0;
  let end = from;
  for (let at = from; at < most && lines < maxBlockLines; at += 1) {
    // A CR alone also ends a line.
    if (bytes[at] !== 10 && (bytes[at] !== 13 || bytes[at + 1] === 10)) continue;
    lines += 1;
    end = at + 1;
  }
  if (most === bytes.length && lines < maxBlockLines) return { from, to: most, lines };
  // A line longer than a block is split.
  return { from, to: end > from ? end : characterEnd(bytes, from, most), lines };
}

/** Returns the offset nearest to `near` that neither splits a character nor separates it from its combining marks. */
function characterEnd(bytes: Uint8Array, from: number, near: number): number {
  let to = near;
  for (let back = 3; back > 0 && to > from + 1 && ((bytes[to] ?? 0) & 0xc0) === 0x80; back -= 1) to -= 1;
  // The line feed of a long line stays in its block.
  if (bytes[to] === 10) return to + 1;
  for (;;) {
    const length = sequenceLength(bytes, to);
    if (length < 2 || !isMark(codeAt(bytes, to, length))) return to;
    to += length;
  }
}

/** Returns the code point of the well-formed UTF-8 sequence of `length` bytes at `at`. */
function codeAt(bytes: Uint8Array, at: number, length: number): number {
  let code = (bytes[at] as number) & (0xff >> (length + 1));
  for (let index = 1; index < length; index += 1) code = (code << 6) | ((bytes[at + index] as number) & 0x3f);
  return code;
}

/** A segment of decoded text: characters, invalid UTF-8, an invisible character, or a line end or tab. */
export type TextSegment =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'invalid'; readonly at: number; readonly text: string; readonly title: string }
  | { readonly kind: 'end'; readonly at: number; readonly text: string; readonly title: string }
  | { readonly kind: 'control'; readonly at: number; readonly text: string; readonly title: string };

interface Context {
  readonly reveal: boolean;
  readonly next: number | undefined;
  /** Offset of `bytes` in the message. */
  readonly start: number;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Decodes `bytes` as UTF-8 into segments. Invalid bytes become hex; control characters other than line breaks and tabs, and
 * characters that change the writing direction, become escapes, so that a peer cannot disguise what it sends. `reveal` also
 * shows symbols for line ends and tabs. A CR alone always ends a line. `next` is the byte after `bytes`. A run of one control
 * character is one segment; so are the combining marks beyond 30 on one character, of which only the number is shown.
 */
export function textSegments(
  bytes: Uint8Array,
  { reveal = false, next, start: base = 0 }: Partial<Context> = {},
): TextSegment[] {
  const segments: TextSegment[] = [];
  let start = 0;
  let at = 0;
  const flush = (end: number) => {
    const following = end === bytes.length ? next : bytes[end];
    if (end > start)
      splitControls(segments, decoder.decode(bytes.subarray(start, end)), {
        reveal,
        next: following,
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
    const title = strings.textView.invalidBytes(end - at, base + at);
    segments.push({ kind: 'invalid', at: base + at, text: hex, title });
    start = end;
    at = end;
  }
  flush(bytes.length);
  return segments;
}

/**
 * Splits block `[from, to)` of `bytes` into the text before, in and after `match`. A match that begins or ends inside a
 * character is extended to the whole character.
 */
export function textParts(
  bytes: Uint8Array,
  { from, to }: TextBlock,
  match: { readonly at: number; readonly length: number } | undefined,
  reveal = false,
): { before: TextSegment[]; match: TextSegment[]; after: TextSegment[] } {
  const segments = (start: number, end: number) =>
    textSegments(bytes.subarray(start, end), { reveal, next: bytes[end], start });
  if (!match || match.at >= to || match.at + match.length <= from || match.at + match.length > bytes.length) {
    return { before: segments(from, to), match: [], after: [] };
  }
  const isInside = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  let first = Math.max(from, match.at);
  let end = Math.min(to, match.at + match.length);
  for (let left = 3; left > 0 && first > from && isInside(first); left -= 1) first -= 1;
  for (let left = 3; left > 0 && end < to && isInside(end); left -= 1) end += 1;
  return { before: segments(from, first), match: segments(first, end), after: segments(end, to) };
}

/** Returns the number of runs of invalid UTF-8 in `bytes`. */
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
  '\n': ['\\n', strings.textView.lf],
  '\r\n': ['\\r\\n', strings.textView.crlf],
  '\r': ['\\r', strings.textView.cr],
};

/** Returns true if `bytes` contain a CR, mixed line ends or an invisible character. */
export function isUnusual(bytes: Uint8Array): boolean {
  const text = decoder.decode(bytes);
  const kind = lineEndOf(text);
  return (kind !== undefined && kind !== 'lf') || text.search(hiddenInLines()) >= 0;
}

/** Adds `text` to `segments`, with symbols for invisible characters. */
function splitControls(segments: TextSegment[], text: string, { reveal, next, start: base }: Context): void {
  let plain = '';
  let plainAt = base;
  let start = 0;
  const add = (segment: Exclude<TextSegment, { kind: 'text' }>, following: string) => {
    if (plain !== '') segments.push({ kind: 'text', at: plainAt, text: plain });
    segments.push(segment);
    plain = following;
    plainAt = base + start;
  };
  for (const { 0: found, index, groups } of text.matchAll(special)) {
    plain += text.slice(start, index);
    start = index + found.length;
    const at = base + index;
    const [symbol, title] = endSymbols[found] ?? [];
    if (symbol !== undefined && title !== undefined) {
      // The LF after this CR is in the next segment.
      const isHalf = found === '\r' && start === text.length && next === 10;
      const lineBreak = isHalf ? '' : '\n';
      if (reveal) add({ kind: 'end', at, text: symbol, title }, lineBreak);
      else plain += lineBreak;
    } else if (found === '\t') {
      if (reveal) add({ kind: 'end', at, text: '\\t', title: strings.textView.tab }, '\t');
      else plain += '\t';
    } else add(groups?.run === undefined ? excessMarks(found, at) : controlRun(found, at), '');
  }
  plain += text.slice(start);
  if (plain !== '') segments.push({ kind: 'text', at: plainAt, text: plain });
}

type ControlSegment = Extract<TextSegment, { kind: 'control' }>;

/** Returns the segment of a run of one control character. */
function controlRun(run: string, at: number): ControlSegment {
  const code = run.codePointAt(0) ?? 0;
  const char = String.fromCodePoint(code);
  const count = run.length / char.length;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return { kind: 'control', at, text: shownText(char).repeat(count), title: strings.textView.control(name, count) };
}

/** Returns the segment of the combining marks that exceed the maximum on one character. */
function excessMarks(marks: string, at: number): ControlSegment {
  const count = countMarks(marks);
  const { excessMarks: text, excessMarksHelp } = strings.textView;
  return { kind: 'control', at, text: text(count), title: excessMarksHelp(count, maxMarks) };
}

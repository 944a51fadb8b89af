/** The line ends that a payload can have: LF, CR LF, and CR alone (old Macs, HL7, many serial devices). */
export const lineEnds = ['lf', 'crlf', 'cr'] as const;
export type LineEnd = (typeof lineEnds)[number];

/** U+FEFF at the beginning of a text: in UTF-8 the bytes EF BB BF. */
export const byteOrderMark = '\ufeff';

const charsOf: Readonly<Record<LineEnd, string>> = { lf: '\n', crlf: '\r\n', cr: '\r' };
/** One letter stands for one line end, so that a text's line ends are one string: cheap to cut, join and keep. */
const letterOf: Readonly<Record<LineEnd, string>> = { lf: 'L', crlf: 'B', cr: 'C' };
const charsOfLetter: Readonly<Record<string, string>> = { L: '\n', B: '\r\n', C: '\r' };
const endOfLetter: Readonly<Record<string, LineEnd>> = { L: 'lf', B: 'crlf', C: 'cr' };
const anyEnd = /\r\n|\r|\n/g;

/** A text for an editor that knows one kind of line end and no byte order mark, beside what such an editor loses. */
export interface SplitText {
  readonly hasMark: boolean;
  /** The text without its byte order mark, every line end as LF. */
  readonly text: string;
  /** One letter for each line end of `text`, in order: `L` is LF, `B` CR LF, `C` CR. */
  readonly ends: string;
}

/** One replacement in a text: the lines from `startLine` to `endLine` (from 1) become those of `text`. */
interface LineChange {
  readonly startLine: number;
  readonly endLine: number;
  /** With LF as its line ends. */
  readonly text: string;
  /** The line ends that `text` came with, as in `SplitText`; `undefined` where it was typed. */
  readonly ends: string | undefined;
}

/** Splits `raw` into what an editor shows and what it would lose. `joinText` of the answer is `raw`. */
export function splitText(raw: string): SplitText {
  const hasMark = raw.startsWith(byteOrderMark);
  const body = hasMark ? raw.slice(1) : raw;
  if (!body.includes('\r')) return { hasMark, text: body, ends: letterOf.lf.repeat(countOf(body, '\n')) };
  let ends = '';
  const text = body.replace(anyEnd, (end) => {
    ends += end === '\n' ? letterOf.lf : end === '\r' ? letterOf.cr : letterOf.crlf;
    return '\n';
  });
  return { hasMark, text, ends };
}

/** Joins what `splitText` split. A line end that `ends` does not have is LF. */
export function joinText({ hasMark, text, ends }: SplitText): string {
  const mark = hasMark ? byteOrderMark : '';
  if (/^L*$/.test(ends)) return mark + text;
  let at = 0;
  return mark + text.replaceAll('\n', () => charsOfLetter[ends[at++] ?? letterOf.lf] as string);
}

/** The line end of line `line` (from 1) by the letters `ends`; `undefined` for the last line, which has none. */
export function endOfLine(ends: string, line: number): LineEnd | undefined {
  return endOfLetter[ends[line - 1] ?? ''];
}

/** True where a text with the line ends `ends` has more than one kind of them. */
export function isMixed(ends: string): boolean {
  return !/^(?:L*|B*|C*)$/.test(ends);
}

/** The kind of `text`'s line ends, `mixed` where it has several kinds, `undefined` where it has no line end. */
export function lineEndOf(text: string): LineEnd | 'mixed' | undefined {
  // The most usual text by far, and in one of 10 MB found out a hundred times as fast.
  if (!text.includes('\r')) return text.includes('\n') ? 'lf' : undefined;
  let found: LineEnd | undefined;
  for (let at = nextEnd(text, 0); at < text.length; at = nextEnd(text, at)) {
    const end = text[at] === '\n' ? 'lf' : text[at + 1] === '\n' ? 'crlf' : 'cr';
    if (found !== undefined && found !== end) return 'mixed';
    found = end;
    at += charsOf[end].length;
  }
  return found;
}

/** `text` with `lineEnd` as each of its line ends. Nothing else changes. */
export function withLineEnd(text: string, lineEnd: LineEnd): string {
  return text.replace(anyEnd, charsOf[lineEnd]);
}

/** `text` with a byte order mark before it, or without one. */
export function withByteOrderMark(text: string, hasMark: boolean): string {
  const body = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  return hasMark ? byteOrderMark + body : body;
}

/**
 * The letters of a text's line ends after `change`. What is inserted keeps the line ends that it came with. What is typed
 * gets those of the lines that it replaces, else that of the line above, else `typed`.
 */
export function changeEnds(ends: string, { startLine, endLine, text, ends: own }: LineChange, typed: LineEnd): string {
  const inserted = countOf(text, '\n');
  const replaced = ends.slice(startLine - 1, endLine - 1);
  const before = ends.slice(0, startLine - 1);
  const after = ends.slice(endLine - 1);
  if (own !== undefined) return before + own + after;
  if (inserted === replaced.length) return ends;
  const usual = before.at(-1) ?? replaced[0] ?? after[0] ?? letterOf[typed];
  return before + usual.repeat(inserted) + after;
}

/** The offset of the first CR or LF of `text` at or behind `from`; its length where there is none. */
function nextEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

function countOf(text: string, char: string): number {
  let count = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) count += 1;
  return count;
}

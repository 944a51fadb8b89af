/** Why a payload is invalid in its format, and where. */
export interface PayloadProblem {
  /** The offset of the problem in UTF-16 units, and the number of units to mark (at least 1, except at the end of the text). */
  readonly at: number;
  readonly length: number;
  /** The same place for display: from 1, without a byte order mark. */
  readonly line: number;
  readonly column: number;
  /** The problem as a sentence without a full stop: “Missing `,` before the next value”. */
  readonly reason: string;
}

/** `error`: the text is invalid in its format. `warning`: it is valid, but a reader may interpret it differently. */
type Severity = 'error' | 'warning';

/** One mistake of a document, and its place. */
export interface Problem {
  /** The offset in UTF-16 units, and the number of units to mark. */
  readonly at: number;
  readonly length: number;
  /** The same place for display: from 1, columns in UTF-16 units. A byte order mark is not a column. */
  readonly line: number;
  readonly column: number;
  readonly severity: Severity;
  /** The mistake as a sentence without a full stop. It may quote the document: show it as text. */
  readonly message: string;
}

/** A problem without line and column. */
export type Mistake = Omit<Problem, 'line' | 'column'>;

/** Maximum number of problems that are listed for one document. */
export const maxProblems = 100;

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: PayloadProblem };

/** Maximum depth of nesting; deeper input is refused. */
export const maxDepth = 256;

/** Maximum depth of elements for checks of XML. Trees, which are drawn and searched by recursion, have `maxDepth`. */
export const maxElementDepth = 10_000;

/** Thrown by a parser at a mistake after which it does not continue; caught in the same module. */
export class Malformed extends Error {
  readonly mistake: Mistake;
  constructor(mistake: Mistake) {
    super(mistake.message);
    this.mistake = mistake;
  }
}

/** Returns line and column, both from 1, of the UTF-16 offset `at` in `text`. Lines end with LF, CRLF or CR; a byte order mark is not a column. */
export function positionOf(text: string, at: number): { line: number; column: number } {
  return lineCounter(text)(at);
}

/** Returns the offset (UTF-16 units) of a line and a column in `text`, both from 1: the inverse of `positionOf`. */
export function offsetAt(text: string, line: number, column: number): number {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const end = /\r\n|\r|\n/g;
  for (let at = 1; at < line; at += 1) {
    end.lastIndex = start;
    if (!end.test(text)) break;
    start = end.lastIndex;
  }
  return Math.min(start + column - 1, text.length);
}

/** Returns a `positionOf` that continues from the offset of the previous call, unless the next one is before it. */
export function lineCounter(text: string): (at: number) => { line: number; column: number } {
  let line = 1;
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let index = 0;
  return (at) => {
    if (at < index) {
      line = 1;
      start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
      index = 0;
    }
    for (; index < at && index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code === 10 || (code === 13 && text.charCodeAt(index + 1) !== 10)) {
        line += 1;
        start = index + 1;
      }
    }
    return { line, column: Math.max(Math.min(at, text.length) - start, 0) + 1 };
  };
}

/** Sorts `mistakes` by place and adds lines and columns. */
export function placeProblems<Kind extends Mistake>(
  text: string,
  mistakes: readonly Kind[],
): readonly (Kind & Problem)[] {
  const position = lineCounter(text);
  return [...mistakes].sort((left, right) => left.at - right.at).map((one) => ({ ...one, ...position(one.at) }));
}

/** Creates a problem at `at` that marks `length` units. */
export function problemAt(text: string, at: number, reason: string, length = 1): PayloadProblem {
  return { at, length, reason, ...positionOf(text, at) };
}

/** Returns the problem as one line for display: `line 3, column 7: Missing value`. */
export function problemText(problem: PayloadProblem): string {
  return `line ${problem.line}, column ${problem.column}: ${problem.reason}`;
}

const longestShown = 24;

/** Quotes a part of a document for a message: at most 24 characters of it, control characters as code points. */
export function quoted(found: string): string {
  const shown = found.length > longestShown ? `${found.slice(0, longestShown)}…` : found;
  const visible = shown.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (char) => `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return `\`${visible}\``;
}

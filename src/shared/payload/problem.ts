/** Why a payload is not what its format says, and where. */
export interface PayloadProblem {
  /** Offset of what is wrong, in UTF-16 units, and how many of them to mark (at least 1, but at the end of the text). */
  readonly at: number;
  readonly length: number;
  /** The same place as people count: from 1, without a byte order mark. */
  readonly line: number;
  readonly column: number;
  /** What is wrong, as a sentence without its full stop: “Missing `,` before the next value”. */
  readonly reason: string;
}

/** `error`: the text is not of its format. `warning`: it is, but a reader may take it differently than meant. */
type Severity = 'error' | 'warning';

/** One mistake of a document, and where: one of a list. */
export interface Problem {
  /** Offset in UTF-16 units, and how many of them to mark. */
  readonly at: number;
  readonly length: number;
  /** The same place as people count: from 1, columns in UTF-16 units. A byte order mark is no column. */
  readonly line: number;
  readonly column: number;
  readonly severity: Severity;
  /** What is wrong, as a sentence without its full stop. It may quote the document: show it as text. */
  readonly message: string;
}

/** A problem whose line and column are not yet counted. */
export type Mistake = Omit<Problem, 'line' | 'column'>;

/** The maximum number of problems that are listed of one document. */
export const maxProblems = 100;

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: PayloadProblem };

/** Nesting that the parsers follow; deeper input is refused, not walked. */
export const maxDepth = 256;

/** Nesting of elements up to which XML is checked; trees, which are drawn and searched by recursion, have `maxDepth`. */
export const maxElementDepth = 10_000;

/** Thrown by a parser at a mistake behind which it does not go on; caught in the module that throws it. */
export class Malformed extends Error {
  readonly mistake: Mistake;
  constructor(mistake: Mistake) {
    super(mistake.message);
    this.mistake = mistake;
  }
}

/** Line and column, both from 1, of the UTF-16 offset `at` in `text`. Lines end with LF, CRLF or CR; a byte order mark is no column. */
export function positionOf(text: string, at: number): { line: number; column: number } {
  return lineCounter(text)(at);
}

/** Returns a `positionOf` that goes on from the offset of the call before, where that is not behind the next one. */
function lineCounter(text: string): (at: number) => { line: number; column: number } {
  let line = 1;
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let index = 0;
  return (at) => {
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

/** Returns `mistakes` in the order of the text, each with its line and column. */
export function placeProblems(text: string, mistakes: readonly Mistake[]): readonly Problem[] {
  const position = lineCounter(text);
  return [...mistakes].sort((left, right) => left.at - right.at).map((one) => ({ ...one, ...position(one.at) }));
}

/** A problem at `at`; `length` units are marked. */
export function problemAt(text: string, at: number, reason: string, length = 1): PayloadProblem {
  return { at, length, reason, ...positionOf(text, at) };
}

/** The problem as one line for a person: `line 3, column 7: Missing value`. */
export function problemText(problem: PayloadProblem): string {
  return `line ${problem.line}, column ${problem.column}: ${problem.reason}`;
}

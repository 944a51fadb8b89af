/** Why a payload is not what its format says, and where. */
export interface PayloadProblem {
  /** Offset of what is wrong, in UTF-16 units, and how many of them to mark (at least 1, but at the end of the text). */
  readonly at: number;
  readonly length: number;
  /** The same place as people count: from 1. */
  readonly line: number;
  readonly column: number;
  /** What is wrong, as half a sentence: “a comma or “}” is expected”. */
  readonly reason: string;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: PayloadProblem };

/** Nesting that the parsers follow; deeper input is refused, not walked. */
export const maxDepth = 256;

/** Line and column, both from 1, of the UTF-16 offset `at` in `text`. Lines end with LF, CRLF or CR. */
export function positionOf(text: string, at: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let index = 0; index < at && index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 10 || (code === 13 && text.charCodeAt(index + 1) !== 10)) {
      line += 1;
      start = index + 1;
    }
  }
  return { line, column: Math.min(at, text.length) - start + 1 };
}

/** A problem at `at`; `length` units are marked. */
export function problemAt(text: string, at: number, reason: string, length = 1): PayloadProblem {
  return { at, length, reason, ...positionOf(text, at) };
}

/** The problem as one line for a person: `line 3, column 7: a key is expected`. */
export function problemText(problem: PayloadProblem): string {
  return `line ${problem.line}, column ${problem.column}: ${problem.reason}`;
}

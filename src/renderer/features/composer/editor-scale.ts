import type { monaco } from './monaco.ts';

/** How long a text is for the editor, which does less with a longer one: whatever reads all of a text at each key. */
export type TextScale = 'short' | 'long' | 'huge';

/** The longest text, in UTF-16 units, whose brackets are matched: in one line of 500 KB of JSON they took 4 s a frame. */
const maxShortLength = 32 * 1_024;

/** Above this length (UTF-16 units) a text is not wrapped: all of a line is wrapped again at each key, and all lines at each change of width. */
const maxWrappedLength = 1_048_576;

/** A text of more lines is not wrapped either: a paste of a million lines took 1.5 s instead of half as long. */
const maxWrappedLines = 100_000;

/** Longer lines have no colours, which are found again from the beginning of the line at each key. */
const maxColouredLine = 20_000;

/** In a line that is not wrapped, nothing is shown behind this column. */
export const maxShownColumn = 10_000;

/** Returns the scale of a text of `length` UTF-16 units in `lines` lines. */
export function scaleOf(length: number, lines: number): TextScale {
  if (length > maxWrappedLength || lines > maxWrappedLines) return 'huge';
  return length > maxShortLength ? 'long' : 'short';
}

/** True where a line of `text`, whose line ends are LF, is too long for colours. Reads a small part of the text. */
export function hasLongLine(text: string): boolean {
  for (let start = 0; start + maxColouredLine < text.length; ) {
    const end = text.lastIndexOf('\n', start + maxColouredLine);
    if (end < start) return true;
    start = end + 1;
  }
  return false;
}

const byScale: Readonly<Record<TextScale, monaco.editor.IEditorOptions>> = {
  short: {
    matchBrackets: 'always',
    guides: { indentation: true },
    occurrencesHighlight: 'singleFile',
    selectionHighlight: true,
    folding: true,
    wordWrap: 'on',
  },
  long: {
    matchBrackets: 'never',
    guides: { indentation: false },
    occurrencesHighlight: 'off',
    selectionHighlight: false,
    folding: true,
    wordWrap: 'on',
  },
  huge: {
    matchBrackets: 'never',
    guides: { indentation: false },
    occurrencesHighlight: 'off',
    selectionHighlight: false,
    folding: false,
    wordWrap: 'off',
    stopRenderingLineAfter: maxShownColumn,
  },
};

/** Returns what the editor does with a text of `scale`. */
export function scaledOptions(scale: TextScale): monaco.editor.IEditorOptions {
  return byScale[scale];
}

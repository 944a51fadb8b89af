import type { monaco } from './monaco.ts';

/** Size class of a text. In longer texts, the editor disables features that read the whole text at each keystroke. */
export type TextScale = 'short' | 'long' | 'huge';

/** Maximum length (UTF-16 units) for bracket matching: with one line of 500 KB of JSON, a frame took 4 s. */
const maxShortLength = 32 * 1_024;

/** Maximum length (UTF-16 units) for wrapping: a whole line is wrapped at each keystroke, all lines at each change of width. */
const maxWrappedLength = 1_048_576;

/** Maximum number of lines for wrapping: it doubled the time to paste a million lines, to 1.5 s. */
const maxWrappedLines = 100_000;

/** Maximum line length for colours: a line is tokenized from its beginning at each keystroke. */
const maxColouredLine = 20_000;

/** Last column shown of a line that is not wrapped. */
export const maxShownColumn = 10_000;

/** Returns the size class of a text of `length` UTF-16 units in `lines` lines. */
export function scaleOf(length: number, lines: number): TextScale {
  if (length > maxWrappedLength || lines > maxWrappedLines) return 'huge';
  return length > maxShortLength ? 'long' : 'short';
}

/** Returns true if a line of `text`, whose line ends are LF, is too long for colours. Reads only a small part of the text. */
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
    linkedEditing: true,
  },
  long: {
    matchBrackets: 'never',
    guides: { indentation: false },
    occurrencesHighlight: 'off',
    selectionHighlight: false,
    folding: true,
    wordWrap: 'on',
    linkedEditing: true,
  },
  huge: {
    matchBrackets: 'never',
    guides: { indentation: false },
    occurrencesHighlight: 'off',
    selectionHighlight: false,
    folding: false,
    wordWrap: 'off',
    linkedEditing: false,
    stopRenderingLineAfter: maxShownColumn,
  },
};

/** Returns the editor options for a text of `scale`. */
export function scaledOptions(scale: TextScale): monaco.editor.IEditorOptions {
  return byScale[scale];
}

import { endOfLine, type LineEnd } from '#shared/payload/line-ends.ts';
import styles from './composer.module.css';
import { monaco } from './monaco.ts';
import type { PayloadModel } from './payload-model.ts';
import { strings } from './strings.ts';

/** The options of the payload editor. */
export const editorOptions: monaco.editor.IStandaloneEditorConstructionOptions = {
  ariaLabel: strings.editor,
  automaticLayout: true,
  fontFamily: 'var(--font-mono)',
  fontSize: 12,
  lineHeight: 18,
  lineNumbersMinChars: 3,
  minimap: { enabled: false },
  overviewRulerLanes: 0,
  padding: { top: 6, bottom: 6 },
  renderLineHighlight: 'line',
  scrollBeyondLastLine: false,
  // The payload is sent exactly as shown: apart from closing tags, the editor adds nothing, and it shows trailing blanks.
  autoClosingBrackets: 'never',
  autoClosingQuotes: 'never',
  autoSurround: 'never',
  autoIndent: 'keep',
  trimAutoWhitespace: false,
  unusualLineTerminators: 'off',
  renderControlCharacters: true,
  renderWhitespace: 'trailing',
  // With an edit context, each key sends the whole line of the cursor, up to 10 MB, to another process.
  editContext: false,
  // Pasting inserts only text; a dropped file is sent as a file.
  pasteAs: { enabled: false },
  dropIntoEditor: { enabled: false },
  // Words of a payload are not useful as suggestions.
  quickSuggestions: false,
  inlineSuggest: { enabled: false },
  wordBasedSuggestions: 'off',
  suggestOnTriggerCharacters: false,
  links: false,
  colorDecorators: false,
  defaultColorDecorators: 'never',
  stickyScroll: { enabled: false },
  tabSize: 2,
  fixedOverflowWidgets: true,
};

const symbols: Readonly<Record<LineEnd, string>> = { lf: '\\n', crlf: '\\r\\n', cr: '\\r' };

/** Marks the end of each visible line while the line ends of the payload are mixed. Returns the function that stops it. */
export function markLineEnds(editor: monaco.editor.IStandaloneCodeEditor, payload: PayloadModel): () => void {
  const marks = editor.createDecorationsCollection();
  const draw = () => {
    if (!payload.isMixed) return marks.clear();
    const { ends, model } = payload;
    const shown: monaco.editor.IModelDeltaDecoration[] = [];
    for (const { startLineNumber, endLineNumber } of editor.getVisibleRanges()) {
      for (let line = startLineNumber; line <= endLineNumber; line += 1) {
        const end = endOfLine(ends, line);
        if (end !== undefined) shown.push(markOf(end, line, model.getLineMaxColumn(line)));
      }
    }
    marks.set(shown);
  };
  draw();
  const stops = [
    payload.onChange(draw),
    disposer(editor.onDidScrollChange(draw)),
    disposer(editor.onDidLayoutChange(draw)),
  ];
  return () => {
    for (const stop of stops) stop();
    marks.clear();
  };
}

function markOf(end: LineEnd, line: number, column: number): monaco.editor.IModelDeltaDecoration {
  return {
    range: { startLineNumber: line, startColumn: column, endLineNumber: line, endColumn: column },
    options: {
      showIfCollapsed: true,
      after: {
        content: symbols[end],
        inlineClassName: styles.lineEnd ?? '',
        cursorStops: monaco.editor.InjectedTextCursorStops.None,
      },
    },
  };
}

function disposer(listening: monaco.IDisposable): () => void {
  return () => listening.dispose();
}

/**
 * Makes the clipboard operations of `editor`, which is in `element`, preserve line ends. Returns the function that stops it.
 */
export function keepClipboard(
  editor: monaco.editor.IStandaloneCodeEditor,
  element: HTMLElement,
  payload: () => PayloadModel | undefined,
): () => void {
  // The text is read before Monaco handles the event, because Monaco removes it from the model.
  let copied: string | undefined;
  const before = ({ target }: ClipboardEvent) => {
    const isText = target instanceof Element && target.closest('.find-widget') === null;
    copied = isText ? payload()?.rawIn(copiedRanges(editor)) : undefined;
  };
  const after = (event: ClipboardEvent) => {
    if (event.defaultPrevented && copied !== undefined) event.clipboardData?.setData('text/plain', copied);
    copied = undefined;
  };
  for (const kind of ['copy', 'cut'] as const) {
    element.addEventListener(kind, before, { capture: true });
    element.addEventListener(kind, after);
  }
  const pasting = editor.onDidPaste(({ range }) => payload()?.keepPasted(range));
  return () => {
    for (const kind of ['copy', 'cut'] as const) {
      element.removeEventListener(kind, before, { capture: true });
      element.removeEventListener(kind, after);
    }
    pasting.dispose();
  };
}

/** Returns the ranges that Monaco copies: the selections or, if all are empty, the lines of the cursors. */
function copiedRanges(editor: monaco.editor.IStandaloneCodeEditor): monaco.Range[] {
  const selections = [...(editor.getSelections() ?? [])].sort(monaco.Range.compareRangesUsingStarts);
  const selected = selections.filter((range) => !range.isEmpty());
  return selected.length > 0 ? selected : selections;
}

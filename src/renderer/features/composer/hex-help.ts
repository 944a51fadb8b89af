import { fromBase64, toBase64 } from '#shared/bytes/base64.ts';
import { parseHex } from '#shared/bytes/hex.ts';
import { hexLines } from '#shared/payload/payload.ts';
import { asciiOf } from '../../ui/text.ts';
import styles from './composer.module.css';
import { overwriteHex } from './hex-overwrite.ts';
import { monaco } from './monaco.ts';

type Editor = monaco.editor.IStandaloneCodeEditor;

/** The width of a formatted line of 16 bytes, after which the characters begin. */
const hexWidth = 47;
/** The characters of longer lines would not fit beside them. */
const maxLine = 200;

/**
 * Helps to edit hex in `editor`, which is in `element`: shows the characters of the bytes beside each visible line, pastes base64 as
 * its bytes, and lets typed digits overwrite others while `mode` says so. Returns the function that stops it.
 */
export function helpHex(editor: Editor, element: HTMLElement, mode: Parameters<typeof overwriteHex>[1]): () => void {
  const stops = [showCharacters(editor), pasteBase64(editor, element), overwriteHex(editor, mode)];
  return () => {
    for (const stop of stops) stop();
  };
}

function showCharacters(editor: Editor): () => void {
  const column = editor.createDecorationsCollection();
  const draw = () => {
    const model = editor.getModel();
    const shown: monaco.editor.IModelDeltaDecoration[] = [];
    for (const { startLineNumber, endLineNumber } of model ? editor.getVisibleRanges() : []) {
      for (let line = startLineNumber; line <= endLineNumber; line += 1) {
        const end = model?.getLineMaxColumn(line) ?? 1;
        const text = end > maxLine ? '' : (model?.getLineContent(line) ?? '');
        const parsed = parseHex(text);
        if (parsed.ok && parsed.bytes.length > 0) shown.push(charactersAt(line, end, parsed.bytes));
      }
    }
    column.set(shown);
  };
  draw();
  const listening = [
    editor.onDidChangeModelContent(draw),
    editor.onDidScrollChange(draw),
    editor.onDidLayoutChange(draw),
  ];
  return () => {
    for (const one of listening) one.dispose();
    column.clear();
  };
}

function charactersAt(line: number, column: number, bytes: Uint8Array): monaco.editor.IModelDeltaDecoration {
  const space = ' '.repeat(Math.max(hexWidth + 1 - column, 0) + 2);
  return {
    range: { startLineNumber: line, startColumn: column, endLineNumber: line, endColumn: column },
    options: {
      showIfCollapsed: true,
      after: {
        content: `${space}${asciiOf(bytes)}`,
        inlineClassName: styles.characters ?? '',
        cursorStops: monaco.editor.InjectedTextCursorStops.None,
      },
    },
  };
}

function pasteBase64(editor: Editor, element: HTMLElement): () => void {
  const onPaste = (event: ClipboardEvent) => {
    if (event.target instanceof Element && event.target.closest('.find-widget')) return;
    const bytes = bytesOfBase64(event.clipboardData?.getData('text/plain') ?? '');
    if (!bytes) return;
    event.preventDefault();
    event.stopPropagation();
    editor.trigger('keyboard', 'paste', { text: hexLines(bytes), pasteOnNewLine: false, multicursorText: null });
  };
  element.addEventListener('paste', onPaste, { capture: true });
  return () => element.removeEventListener('paste', onPaste, { capture: true });
}

/** Returns the bytes of base64 with its padding; `undefined` for hex, which can look like it, and for other text. */
function bytesOfBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s+/g, '');
  if (digits === '' || parseHex(text).ok) return undefined;
  const bytes = fromBase64(digits);
  return bytes && toBase64(bytes) === digits ? bytes : undefined;
}

import type { StoreApi } from 'zustand/vanilla';
import { type HexMode, toggleHexMode } from './hex-mode.ts';
import { monaco } from './monaco.ts';

type Editor = monaco.editor.IStandaloneCodeEditor;

/**
 * Lets typed digits overwrite those after the cursor while `mode` says so, and lets the Insert key change the mode. Returns the function
 * that stops it.
 */
export function overwriteHex(editor: Editor, mode: StoreApi<HexMode>): () => void {
  const show = () => editor.updateOptions({ cursorStyle: mode.getState().overwrites ? 'block' : 'line' });
  show();
  const unsubscribe = mode.subscribe(show);
  const listening = editor.onKeyDown((event) => {
    const { key, ctrlKey, altKey, metaKey, shiftKey } = event.browserEvent;
    if (ctrlKey || altKey || metaKey) return;
    const isDone = key === 'Insert' && !shiftKey ? toggled(mode) : mode.getState().overwrites && overwrite(editor, key);
    if (!isDone) return;
    event.preventDefault();
    event.stopPropagation();
  });
  return () => {
    unsubscribe();
    listening.dispose();
    editor.updateOptions({ cursorStyle: 'line' });
  };
}

function toggled(mode: StoreApi<HexMode>): boolean {
  toggleHexMode(mode);
  return true;
}

/** Replaces the next digit after the cursor by `key`. Returns false if `key` is not a digit, or there is nothing to overwrite. */
function overwrite(editor: Editor, key: string): boolean {
  const model = editor.getModel();
  const selection = editor.getSelection();
  if (!/^[0-9a-f]$/i.test(key) || !model || !selection?.isEmpty()) return false;
  const cursor = model.getOffsetAt(selection.getPosition());
  const next = nextDigit(model, cursor);
  if (next === undefined) return false;
  const [from, to] = [model.getPositionAt(next), model.getPositionAt(next + 1)];
  const range = monaco.Range.fromPositions(from, to);
  editor.executeEdits('overwrite', [{ range, text: key }], [monaco.Selection.fromPositions(to)]);
  editor.revealPosition(to);
  return true;
}

/** The separators between two bytes are short: no more than this is looked through. */
const maxSeparator = 200;

/** Returns the offset of the first digit at or after `cursor`, beyond separators; `undefined` if something else is there. */
function nextDigit(model: monaco.editor.ITextModel, cursor: number): number | undefined {
  const end = model.getPositionAt(cursor + maxSeparator);
  const text = model.getValueInRange(monaco.Range.fromPositions(model.getPositionAt(cursor), end));
  const separator = /^[\s,:]*/.exec(text)?.[0].length ?? 0;
  return /[0-9a-f]/i.test(text[separator] ?? '') ? cursor + separator : undefined;
}

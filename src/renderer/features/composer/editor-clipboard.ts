import { monaco } from './monaco.ts';
import type { PayloadModel } from './payload-model.ts';

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

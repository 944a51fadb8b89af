import { monaco } from './monaco.ts';
import type { PayloadModel } from './payload-model.ts';

/**
 * Has copy, cut and paste in `editor`, which is in `element`, keep the line ends of what they move. Returns the function
 * that ends it.
 */
export function keepClipboard(
  editor: monaco.editor.IStandaloneCodeEditor,
  element: HTMLElement,
  payload: () => PayloadModel | undefined,
): () => void {
  // A cut is over when its event gets here again, so that the text is taken before Monaco hears of it.
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

/** What Monaco copies: what is selected, or where nothing is, the lines of the cursors. */
function copiedRanges(editor: monaco.editor.IStandaloneCodeEditor): monaco.Range[] {
  const selections = [...(editor.getSelections() ?? [])].sort(monaco.Range.compareRangesUsingStarts);
  const chosen = selections.filter((range) => !range.isEmpty());
  return chosen.length > 0 ? chosen : selections;
}

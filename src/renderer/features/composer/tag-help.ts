import { tagCompletion, tagNamesAt } from '#shared/payload/xml-tags.ts';
import { monaco } from './monaco.ts';

/*
 * Help with the tags of XML payloads: the closing tag is completed after `>` and `</`, and the names of both tags are edited together.
 */

const language = 'xml';
const { LF } = monaco.editor.EndOfLinePreference;

type Editor = monaco.editor.IStandaloneCodeEditor;
type Model = monaco.editor.ITextModel;

/** Edits the names of both tags of an element together. Returns a function that stops it. */
export function linkTagNames(): () => void {
  const provider = monaco.languages.registerLinkedEditingRangeProvider(language, {
    provideLinkedEditingRanges(model, position) {
      const names = tagNamesAt(model.getValue(LF), model.getOffsetAt(position));
      if (!names) return null;
      const ranges = names.map(({ at, end }) => {
        const from = model.getPositionAt(at);
        const to = model.getPositionAt(end);
        return new monaco.Range(from.lineNumber, from.column, to.lineNumber, to.column);
      });
      return { ranges, wordPattern: /[^\s<>/="']*/ };
    },
  });
  return () => provider.dispose();
}

/** Completes closing tags while XML is typed in `editor`, as an edit that can be undone alone. Returns a function that stops it. */
export function completeTags(editor: Editor, model: Model): () => void {
  const listening = model.onDidChangeContent(({ changes, isUndoing, isRedoing }) => {
    const [change, other] = changes;
    if (isUndoing || isRedoing || !change || other || model.getLanguageId() !== language) return;
    if (change.text !== '>' && change.text !== '/') return;
    const { startLineNumber: lineNumber, startColumn } = change.range;
    // Monaco does not allow an edit while it reports another one.
    queueMicrotask(() => complete(editor, model, { lineNumber, column: startColumn + 1 }));
  });
  return () => listening.dispose();
}

/** Completes the tag before `place`, if that is the place of the only cursor. */
function complete(editor: Editor, model: Model, { lineNumber, column }: monaco.IPosition): void {
  if (model.isDisposed() || editor.getModel() !== model || editor.getSelections()?.length !== 1) return;
  const cursor = editor.getPosition();
  if (cursor?.lineNumber !== lineNumber || cursor.column !== column) return;
  const completion = tagCompletion(model.getValue(LF), model.getOffsetAt({ lineNumber, column }));
  if (!completion) return;
  const { text, replaced } = completion;
  // After `</` the cursor continues after the tag, after `>` between the tags.
  const after = text.startsWith('<') ? column : column + text.length;
  const range = new monaco.Range(lineNumber, column, lineNumber, column + replaced);
  editor.pushUndoStop();
  editor.executeEdits('wirebench', [{ range, text }], [new monaco.Selection(lineNumber, after, lineNumber, after)]);
  editor.pushUndoStop();
}

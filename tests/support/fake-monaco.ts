import { vi } from 'vitest';
import { type FakeModel, Model, type Place, Range } from './fake-monaco-model.ts';

/*
 * Stands for `monaco.ts` of the composer in component tests: Monaco needs a layout.
 */

const disposable = () => ({ dispose: () => {} });

type KeyListener = (event: { readonly keyCode: number }) => void;

interface Position {
  readonly lineNumber: number;
  readonly column: number;
}

type EditorOptions = Readonly<Record<string, unknown>>;
type PasteListener = (event: { readonly range: Place }) => void;

let shown: Model | undefined;
let pasted: PasteListener = () => {};
let lineEndMarks: readonly string[] = [];
let editorOptions: EditorOptions = {};
let cursor: Position = { lineNumber: 1, column: 1 };
let pressed: KeyListener = () => {};
let selections = 1;
const keys = { Escape: 9 };

interface CompletionProvider {
  provideCompletionItems(
    model: unknown,
    position: Position,
  ): Promise<{ readonly suggestions: readonly { readonly label: string }[] }>;
}
interface HoverProvider {
  provideHover(
    model: unknown,
    position: Position,
  ): Promise<{ readonly contents: readonly { readonly value: string }[] } | null>;
}
interface LinkedEditingProvider {
  provideLinkedEditingRanges(model: unknown, position: Position): { readonly ranges: readonly Place[] } | null;
}
let completion: CompletionProvider | undefined;
let hover: HoverProvider | undefined;
let linked: LinkedEditingProvider | undefined;
let caret: Position | undefined;

export const applyTokens = vi.fn();

interface Decoration {
  readonly options: { readonly after: { readonly content: string } };
}

const decorations = {
  set: (marks: readonly Decoration[]) => {
    lineEndMarks = marks.map(({ options }) => options.after.content);
  },
  clear: () => {
    lineEndMarks = [];
  },
};

/** The part of Monaco that the payload's editor uses. */
export const monaco = {
  KeyCode: keys,
  MarkerSeverity: { Error: 8, Warning: 4 },
  Range,
  Selection: Range,
  languages: {
    CompletionItemKind: { Variable: 4, Function: 1 },
    registerCompletionItemProvider: (_: unknown, provider: CompletionProvider) => {
      completion = provider;
      return disposable();
    },
    registerLinkedEditingRangeProvider: (_: unknown, provider: LinkedEditingProvider) => {
      linked = provider;
      return disposable();
    },
    registerHoverProvider: (_: unknown, provider: HoverProvider) => {
      hover = provider;
      return disposable();
    },
  },
  editor: {
    EndOfLineSequence: { LF: 0 },
    EndOfLinePreference: { LF: 1 },
    InjectedTextCursorStops: { None: 3 },
    create: () => ({
      onKeyDown: (listener: KeyListener) => {
        pressed = listener;
        return disposable();
      },
      onDidPaste: (listener: PasteListener) => {
        pasted = listener;
        return disposable();
      },
      getContribution: () => null,
      updateOptions: (options: EditorOptions) => {
        editorOptions = { ...editorOptions, ...options };
      },
      onDidChangeModelContent: (listener: () => void) => shown?.onDidChangeContent(listener) ?? disposable(),
      onDidScrollChange: disposable,
      onDidLayoutChange: disposable,
      getVisibleRanges: () => (shown ? [shown.getFullModelRange()] : []),
      createDecorationsCollection: () => decorations,
      setPosition: (position: Position) => {
        cursor = position;
      },
      revealPositionInCenterIfOutsideViewport: () => {},
      focus: () => {},
      getModel: () => shown,
      getPosition: () => caret,
      trigger: (_source: string, _handler: 'paste', { text }: { readonly text: string }) => {
        if (shown) shown.pushEditOperations([], [{ range: shown.getFullModelRange(), text }]);
      },
      pushUndoStop: () => shown?.pushStackElement(),
      executeEdits: (_source: string, edits: readonly { range: Place; text: string }[], cursors: readonly Place[]) => {
        shown?.pushEditOperations([], edits);
        const [after] = cursors;
        if (after) caret = { lineNumber: after.startLineNumber, column: after.startColumn };
      },
      getSelections: () => Array.from({ length: selections }, () => shown?.getFullModelRange()),
      setModel: (model: Model) => {
        shown = model;
      },
      restoreViewState: () => {},
      saveViewState: () => null,
      dispose: () => {},
    }),
    createModel: (text: string, language: string) => new Model(text, language),
    setModelLanguage: (model: Model, language: string) => {
      model.language = language;
    },
    setModelMarkers: (model: Model, _owner: string, markers: readonly unknown[]) => {
      model.markers = markers;
    },
  },
};

/** The text that the editor shows. */
export const shownModel = (): FakeModel | undefined => shown;

/** What was set of the editor since it was made. */
export const shownOptions = (): EditorOptions => editorOptions;

/** Where the cursor was put. */
export const cursorPlace = (): Position => cursor;

/** The symbols of line ends that the editor shows, from the first line on. */
export const shownLineEnds = (): readonly string[] => lineEndMarks;

/** Returns what is offered at `column` of `line`; `undefined` while no completion is loaded. */
export async function offered(line: number, column: number): Promise<readonly string[] | undefined> {
  const found = await completion?.provideCompletionItems(shown, { lineNumber: line, column });
  return found?.suggestions.map(({ label }) => label);
}

/** Returns what the pointer shows over `column` of `line`. */
export async function hovered(line: number, column: number): Promise<string | undefined> {
  return (await hover?.provideHover(shown, { lineNumber: line, column }))?.contents[0]?.value;
}

/** Replaces the text, as typing does. */
export function type(text: string): void {
  if (shown) shown.pushEditOperations([], [{ range: shown.getFullModelRange(), text }]);
}

/** Inserts `text` before `column` of `line`, as typing does. */
export function typeAt(line: number, column: number, text: string): void {
  caret = { lineNumber: line, column: column + text.length };
  shown?.pushEditOperations([], [{ range: new Range(line, column, line, column), text }]);
}

/** Returns where the cursor is after `typeAt`. */
export const caretPlace = (): Position | undefined => caret;

/** Returns the texts that are edited together with the one at `column` of `line`. */
export function linkedAt(line: number, column: number): readonly (string | undefined)[] | undefined {
  const found = linked?.provideLinkedEditingRanges(shown, { lineNumber: line, column });
  return found?.ranges.map((range) => shown?.getValueInRange(range));
}

/** Pastes `text` instead of what the editor shows. */
export function paste(text: string): void {
  type(text);
  if (shown) pasted({ range: shown.getFullModelRange() });
}

/** Presses `key` in the editor while it has `cursors` cursors. */
export function press(key: keyof typeof keys, cursors = 1): void {
  selections = cursors;
  pressed({ keyCode: keys[key] });
}

export function resetMonaco(): void {
  shown = undefined;
  completion = undefined;
  hover = undefined;
  caret = undefined;
  lineEndMarks = [];
  editorOptions = {};
  selections = 1;
  applyTokens.mockClear();
}

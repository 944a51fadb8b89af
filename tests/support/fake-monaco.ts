import { vi } from 'vitest';

/*
 * Stands for `monaco.ts` of the composer in component tests: Monaco needs a layout.
 */

/** A text of the stand-in for Monaco, with what the payload's editor does to it. */
export interface FakeModel {
  readonly text: string;
  language: string;
  markers: readonly unknown[];
  undoStops: number;
  isDisposed: boolean;
  undo(): void;
  redo(): void;
}

interface Place {
  readonly startLineNumber: number;
  readonly startColumn: number;
  readonly endLineNumber: number;
  readonly endColumn: number;
}

interface Edit {
  readonly range: Place;
  readonly text: string | null;
}

interface Change {
  readonly changes: readonly { readonly range: Place; readonly text: string }[];
  readonly isUndoing: boolean;
  readonly isRedoing: boolean;
}

interface Version {
  readonly text: string;
  readonly id: number;
}

const disposable = () => ({ dispose: () => {} });

/** Monaco's range, as far as it is used. */
class Range implements Place {
  readonly startLineNumber: number;
  readonly startColumn: number;
  readonly endLineNumber: number;
  readonly endColumn: number;

  constructor(startLine: number, startColumn: number, endLine: number, endColumn: number) {
    this.startLineNumber = startLine;
    this.startColumn = startColumn;
    this.endLineNumber = endLine;
    this.endColumn = endColumn;
  }

  isEmpty(): boolean {
    return this.startLineNumber === this.endLineNumber && this.startColumn === this.endColumn;
  }

  static compareRangesUsingStarts(a: Place, b: Place): number {
    return a.startLineNumber - b.startLineNumber || a.startColumn - b.startColumn;
  }
}

/** What Monaco does to a text that it takes in: LF is its only line end, and a byte order mark that begins it is gone. */
const taken = (text: string) => text.replace(/\r\n|\r/g, '\n');

export class Model implements FakeModel {
  text: string;
  language: string;
  markers: readonly unknown[] = [];
  undoStops = 0;
  isDisposed = false;
  #id = 1;
  #lastId = 1;
  #undo: Version[] = [];
  #redo: Version[] = [];
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(text: string, language: string) {
    this.text = taken(text).replace(/^\ufeff/, '');
    this.language = language;
  }

  getValue(): string {
    return this.text;
  }

  getLineContent(line: number): string {
    return this.text.split('\n')[line - 1] ?? '';
  }

  getLineMaxColumn(line: number): number {
    return this.getLineContent(line).length + 1;
  }

  getValueInRange(range: Place): string {
    return this.text.slice(
      this.#at(range.startLineNumber, range.startColumn),
      this.#at(range.endLineNumber, range.endColumn),
    );
  }

  getAlternativeVersionId(): number {
    return this.#id;
  }

  setEOL(): void {}

  /** Whether its brackets are to have colours. */
  coloursBrackets = true;

  updateOptions({ bracketColorizationOptions }: { bracketColorizationOptions?: { enabled: boolean } }): void {
    if (bracketColorizationOptions) this.coloursBrackets = bracketColorizationOptions.enabled;
  }

  getLanguageId(): string {
    return this.language;
  }

  getLineCount(): number {
    return this.text.split('\n').length;
  }

  getValueLength(): number {
    return this.text.length;
  }

  onDidChangeContent(listener: (change: Change) => void) {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  getFullModelRange(): Range {
    const lines = this.text.split('\n');
    return new Range(1, 1, lines.length, (lines.at(-1) ?? '').length + 1);
  }

  pushStackElement(): void {
    this.undoStops += 1;
  }

  /** As Monaco's, for edits that are ordered from the end of the text to its beginning. */
  pushEditOperations(_before: unknown, edits: readonly Edit[], ..._rest: unknown[]): null {
    this.#undo.push({ text: this.text, id: this.#id });
    this.#redo = [];
    const changes = edits.map(({ range, text }) => ({ range, text: taken(text ?? '') }));
    for (const { range, text } of changes) {
      const before = this.text.slice(0, this.#at(range.startLineNumber, range.startColumn));
      this.text = before + text + this.text.slice(this.#at(range.endLineNumber, range.endColumn));
    }
    this.#lastId += 1;
    this.#id = this.#lastId;
    this.#emit({ changes, isUndoing: false, isRedoing: false });
    return null;
  }

  undo(): void {
    this.#travel(this.#undo, this.#redo, { isUndoing: true, isRedoing: false });
  }

  redo(): void {
    this.#travel(this.#redo, this.#undo, { isUndoing: false, isRedoing: true });
  }

  dispose(): void {
    this.isDisposed = true;
  }

  #travel(from: Version[], to: Version[], how: Omit<Change, 'changes'>): void {
    const version = from.pop();
    if (!version) return;
    to.push({ text: this.text, id: this.#id });
    const range = this.getFullModelRange();
    this.text = version.text;
    this.#id = version.id;
    this.#emit({ changes: [{ range, text: version.text }], ...how });
  }

  #emit(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  #at(line: number, column: number): number {
    const lines = this.text.split('\n').slice(0, line - 1);
    return lines.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  }
}

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

/** Replaces the text, as typing does. */
export function type(text: string): void {
  if (shown) shown.pushEditOperations([], [{ range: shown.getFullModelRange(), text }]);
}

/** Inserts `text` before `column` of `line`, as typing does. */
export function typeAt(line: number, column: number, text: string): void {
  shown?.pushEditOperations([], [{ range: new Range(line, column, line, column), text }]);
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
  lineEndMarks = [];
  editorOptions = {};
  selections = 1;
  applyTokens.mockClear();
}

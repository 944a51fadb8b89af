/*
 * The texts of the stand-in for Monaco.
 */

/** A text of the stand-in for Monaco, with what the payload's editor does to it. */
export interface FakeModel {
  readonly text: string;
  language: string;
  markers: readonly unknown[];
  undoStops: number;
  hasBeenDisposed: boolean;
  undo(): void;
  redo(): void;
}

export interface Place {
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

/** Monaco's range, as far as it is used. */
export class Range implements Place {
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
  hasBeenDisposed = false;
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

  getWordUntilPosition({ lineNumber, column }: { readonly lineNumber: number; readonly column: number }) {
    const before = this.getLineContent(lineNumber).slice(0, column - 1);
    return { startColumn: column - (/\w*$/.exec(before)?.[0].length ?? 0), endColumn: column };
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

  isDisposed(): boolean {
    return this.hasBeenDisposed;
  }

  getOffsetAt({ lineNumber, column }: { readonly lineNumber: number; readonly column: number }): number {
    return this.#at(lineNumber, column);
  }

  getPositionAt(offset: number): { readonly lineNumber: number; readonly column: number } {
    const lines = this.text.slice(0, offset).split('\n');
    return { lineNumber: lines.length, column: (lines.at(-1) ?? '').length + 1 };
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
    this.hasBeenDisposed = true;
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

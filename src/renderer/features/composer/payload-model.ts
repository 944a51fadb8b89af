import {
  byteOrderMark,
  changeEnds,
  isMixed,
  joinText,
  type LineEnd,
  type SplitText,
  splitText,
} from '#shared/payload/line-ends.ts';
import { hasLongLine, scaleOf, type TextScale } from './editor-scale.ts';
import { monaco } from './monaco.ts';

const plain = 'plaintext';

/** What a model of Monaco does not hold of a payload. */
type Beside = Pick<SplitText, 'hasMark' | 'ends'>;

/**
 * A payload in Monaco. A model there has LF alone as its line end and no byte order mark, so that what it would change
 * stands beside it: what each line ends with, and whether there is a mark. Undo and redo bring both back.
 */
export class PayloadModel {
  readonly model: monaco.editor.ITextModel;
  viewState: monaco.editor.ICodeEditorViewState | null = null;
  /** The replacement of the draft's text that it has followed last. */
  revision: number;
  #beside: Beside;
  /** What stood beside each version of the model, by the number that undo gives back. */
  readonly #versions = new Map<number, Beside>();
  /** The texts of the last edit as they came. Monaco passes them on with LF. */
  #incoming: readonly SplitText[] = [];
  /** The last edit replaced all of a text that was not empty. */
  #hasReplacedAll = false;
  #isReplacing = false;
  readonly #typed: () => LineEnd;
  readonly #listeners = new Set<() => void>();
  readonly #scaleListeners = new Set<() => void>();
  #scale: TextScale;
  #language: string;

  /** `typed` is the line end of the Enter key where no other line has one. */
  constructor(raw: string, language: string, revision: number, typed: () => LineEnd) {
    const { text, ...beside } = splitText(raw);
    this.#scale = scaleOf(text.length, beside.ends.length + 1);
    this.#language = language;
    this.model = monaco.editor.createModel(text, plain);
    this.model.setEOL(monaco.editor.EndOfLineSequence.LF);
    // Blanks at the end of a line are bytes like any others.
    this.model.updateOptions({ trimAutoWhitespace: false });
    this.#matchBrackets();
    this.#measure();
    this.revision = revision;
    this.#beside = beside;
    this.#typed = typed;
    this.#versions.set(this.model.getAlternativeVersionId(), beside);
    this.#watchEdits();
    this.model.onDidChangeContent((event) => {
      this.#measure();
      this.#follow(event);
    });
  }

  /** The payload as it leaves: with its own line ends, and with its byte order mark. */
  get raw(): string {
    return joinText({ ...this.#beside, text: this.model.getValue(monaco.editor.EndOfLinePreference.LF) });
  }

  /** One letter for each line end, as in `SplitText`. */
  get ends(): string {
    return this.#beside.ends;
  }

  get isMixed(): boolean {
    return isMixed(this.#beside.ends);
  }

  get scale(): TextScale {
    return this.#scale;
  }

  /** The language of a text that is short enough to have colours. */
  set language(language: string) {
    this.#language = language;
    this.#measure();
  }

  /** Calls `listener` when `scale` has changed: before a text that comes is laid out. Returns the function that ends it. */
  onScale(listener: () => void): () => void {
    this.#scaleListeners.add(listener);
    return () => this.#scaleListeners.delete(listener);
  }

  /** Calls `listener` after each change of the payload. Returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Replaces the payload by `raw`, as one edit that undo takes back. */
  replace(raw: string): void {
    this.#isReplacing = true;
    this.model.pushStackElement();
    this.model.pushEditOperations([], [{ range: this.model.getFullModelRange(), text: raw }], () => null);
    this.model.pushStackElement();
    this.#isReplacing = false;
  }

  /**
   * Gives the lines of `range`, which were just pasted, the line ends that they came with. A paste over the whole payload
   * replaces its byte order mark, too.
   */
  keepPasted({ startLineNumber: start, endLineNumber: end }: monaco.IRange): void {
    const [pasted] = this.#incoming;
    if (!pasted) return;
    const { ends } = this.#beside;
    const hasMark = this.#hasReplacedAll ? pasted.hasMark : this.#beside.hasMark;
    const isWhole = pasted.ends.length === end - start;
    this.#set({ hasMark, ends: isWhole ? ends.slice(0, start - 1) + pasted.ends + ends.slice(end - 1) : ends });
  }

  /**
   * Returns what `ranges` hold, with their own line ends, a line each; of an empty range, its whole line. The byte order mark
   * belongs to the whole payload alone.
   */
  rawIn(ranges: readonly monaco.Range[]): string {
    const { ends } = this.#beside;
    const rawOf = (range: monaco.Range) => {
      const { startLineNumber: start, endLineNumber: end } = range;
      const isLine = range.isEmpty();
      const text = isLine
        ? `${this.model.getLineContent(start)}\n`
        : this.model.getValueInRange(range, monaco.editor.EndOfLinePreference.LF);
      return joinText({
        hasMark: this.#beside.hasMark && this.#isAll(range),
        text,
        ends: ends.slice(start - 1, isLine ? start : end - 1),
      });
    };
    return ranges.map(rawOf).join(ranges.every((range) => range.isEmpty()) ? '' : '\n');
  }

  #isAll({ startLineNumber, startColumn, endLineNumber, endColumn }: monaco.IRange): boolean {
    const all = this.model.getFullModelRange();
    const isToEnd = endLineNumber === all.endLineNumber && endColumn === all.endColumn;
    return startLineNumber === 1 && startColumn === 1 && isToEnd && !all.isEmpty();
  }

  dispose(): void {
    this.model.dispose();
  }

  /** Has the editor do all that it can do quickly with the text. */
  #measure(): void {
    this.#setScale(scaleOf(this.model.getValueLength(), this.model.getLineCount()));
    const isPlain = this.#scale === 'huge' || hasLongLine(this.model.getValue(monaco.editor.EndOfLinePreference.LF));
    this.#setLanguage(isPlain ? plain : this.#language);
  }

  #setScale(scale: TextScale): void {
    if (scale === this.#scale) return;
    this.#scale = scale;
    this.#matchBrackets();
    for (const listener of this.#scaleListeners) listener();
  }

  #setLanguage(language: string): void {
    if (this.model.getLanguageId() !== language) monaco.editor.setModelLanguage(this.model, language);
  }

  /** Monaco keeps a decoration for each bracket, and looks at all of a line's for each of its rows: not in a long text. */
  #matchBrackets(): void {
    const enabled = this.#scale === 'short';
    this.model.updateOptions({ bracketColorizationOptions: { enabled, independentColorPoolPerBracketType: false } });
  }

  #set(beside: Beside): void {
    this.#beside = beside;
    this.#versions.set(this.model.getAlternativeVersionId(), beside);
    for (const listener of this.#listeners) listener();
  }

  /**
   * Sees each edit before the model does: a paste, a menu’s paste, a text from outside. All of them come through
   * `pushEditOperations`, and no event of Monaco has the line ends that they bring.
   */
  #watchEdits(): void {
    const push = this.model.pushEditOperations.bind(this.model);
    this.model.pushEditOperations = (before, edits, ...rest) => {
      this.#incoming = edits.map(({ text }) => splitText(text ?? ''));
      this.#expect(this.#incoming);
      this.#hasReplacedAll = edits.length === 1 && edits.every(({ range }) => this.#isAll(range));
      const plain = edits.map((edit, index) => {
        const incoming = this.#incoming[index];
        // A mark at the beginning of the payload is the payload's; anywhere else U+FEFF is a character.
        const isFirst = edit.range.startLineNumber === 1 && edit.range.startColumn === 1;
        if (!incoming?.hasMark || !isFirst) return edit;
        this.#beside = { ...this.#beside, hasMark: true };
        return { ...edit, text: incoming.text };
      });
      return push(before, plain, ...rest);
    };
  }

  /** Has the editor stop what would take long with `incoming`, before they are in the text. */
  #expect(incoming: readonly SplitText[]): void {
    const length = incoming.reduce((sum, { text }) => sum + text.length, this.model.getValueLength());
    const lines = incoming.reduce((sum, { ends }) => sum + ends.length, this.model.getLineCount());
    this.#setScale(scaleOf(length, lines));
    if (this.#scale === 'huge' || incoming.some(({ text }) => hasLongLine(text))) this.#setLanguage(plain);
  }

  #follow({ changes, isUndoing, isRedoing }: monaco.editor.IModelContentChangedEvent): void {
    const known = isUndoing || isRedoing ? this.#versions.get(this.model.getAlternativeVersionId()) : undefined;
    const [whole] = this.#incoming;
    if (known) this.#set(known);
    else if (this.#isReplacing && whole) this.#set(whole);
    else {
      let { ends } = this.#beside;
      for (const { range, text } of changes) {
        const { startLineNumber: startLine, endLineNumber: endLine } = range;
        ends = changeEnds(ends, { startLine, endLine, text, ends: this.#ownEnds(text) }, this.#typed());
      }
      this.#set({ ...this.#beside, ends });
    }
  }

  /** The line ends that `text` of a change came with, where it did not come with LF alone, as everything typed does. */
  #ownEnds(text: string): string | undefined {
    const isOwn = (incoming: SplitText) => incoming.text === text || byteOrderMark + incoming.text === text;
    return this.#incoming.find((incoming) => /[BC]/.test(incoming.ends) && isOwn(incoming))?.ends;
  }
}

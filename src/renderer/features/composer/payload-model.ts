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

/** The properties of a payload that a Monaco model cannot store. */
type TextTraits = Pick<SplitText, 'hasMark' | 'ends'>;

/**
 * A payload in Monaco. A Monaco model has only LF line ends and no byte order mark, so the line end of each line and the
 * byte order mark are stored separately. Undo and redo restore both.
 */
export class PayloadModel {
  readonly model: monaco.editor.ITextModel;
  viewState: monaco.editor.ICodeEditorViewState | null = null;
  /** The last revision of the draft's text that this model contains. */
  revision: number;
  #traits: TextTraits;
  /** The traits of each version of the model, by the version number that undo restores. */
  readonly #versions = new Map<number, TextTraits>();
  /** The texts of the last edit with their original line ends. Monaco converts them to LF. */
  #incoming: readonly SplitText[] = [];
  /** The last edit replaced the whole text, which was not empty. */
  #hasReplacedAll = false;
  #isReplacing = false;
  readonly #typed: () => LineEnd;
  readonly #listeners = new Set<() => void>();
  readonly #scaleListeners = new Set<() => void>();
  #scale: TextScale;
  #language: string;

  /** `typed` returns the line end of the Enter key in a text without line ends. */
  constructor(raw: string, language: string, revision: number, typed: () => LineEnd) {
    const { text, ...traits } = splitText(raw);
    this.#scale = scaleOf(text.length, traits.ends.length + 1);
    this.#language = language;
    this.model = monaco.editor.createModel(text, plain);
    this.model.setEOL(monaco.editor.EndOfLineSequence.LF);
    // Trailing blanks are part of the payload.
    this.model.updateOptions({ trimAutoWhitespace: false });
    this.#matchBrackets();
    this.#measure();
    this.revision = revision;
    this.#traits = traits;
    this.#typed = typed;
    this.#versions.set(this.model.getAlternativeVersionId(), traits);
    this.#watchEdits();
    this.model.onDidChangeContent((event) => {
      this.#measure();
      this.#follow(event);
    });
  }

  /** The payload as it is sent: with its line ends and its byte order mark. */
  get raw(): string {
    return joinText({ ...this.#traits, text: this.model.getValue(monaco.editor.EndOfLinePreference.LF) });
  }

  /** One letter for each line end, as in `SplitText`. */
  get ends(): string {
    return this.#traits.ends;
  }

  get isMixed(): boolean {
    return isMixed(this.#traits.ends);
  }

  /** The size class of the text. */
  get scale(): TextScale {
    return this.#scale;
  }

  /** The language of the payload. It is used only for texts that are short enough for colours. */
  set language(language: string) {
    this.#language = language;
    this.#measure();
  }

  /** Calls `listener` when `scale` changes, before a new text is laid out. Returns the function that stops it. */
  onScale(listener: () => void): () => void {
    this.#scaleListeners.add(listener);
    return () => this.#scaleListeners.delete(listener);
  }

  /** Calls `listener` after each change of the payload. Returns the function that stops it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Replaces the payload with `raw`, as one edit that can be undone. */
  replace(raw: string): void {
    this.#isReplacing = true;
    this.model.pushStackElement();
    this.model.pushEditOperations([], [{ range: this.model.getFullModelRange(), text: raw }], () => null);
    this.model.pushStackElement();
    this.#isReplacing = false;
  }

  /**
   * Restores the original line ends of the lines of `range`, which were just pasted. Pasting over the whole payload also
   * replaces its byte order mark.
   */
  keepPasted({ startLineNumber: start, endLineNumber: end }: monaco.IRange): void {
    const [pasted] = this.#incoming;
    if (!pasted) return;
    const { ends } = this.#traits;
    const hasMark = this.#hasReplacedAll ? pasted.hasMark : this.#traits.hasMark;
    const isWhole = pasted.ends.length === end - start;
    this.#set({ hasMark, ends: isWhole ? ends.slice(0, start - 1) + pasted.ends + ends.slice(end - 1) : ends });
  }

  /**
   * Returns the text of `ranges` with its line ends, one range per line; for an empty range, its whole line. The byte order
   * mark is included only with the whole payload.
   */
  rawIn(ranges: readonly monaco.Range[]): string {
    const { ends } = this.#traits;
    const rawOf = (range: monaco.Range) => {
      const { startLineNumber: start, endLineNumber: end } = range;
      const isLine = range.isEmpty();
      const text = isLine
        ? `${this.model.getLineContent(start)}\n`
        : this.model.getValueInRange(range, monaco.editor.EndOfLinePreference.LF);
      return joinText({
        hasMark: this.#traits.hasMark && this.#isAll(range),
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

  /** Enables the features that are fast enough for the text. */
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

  /** Matches brackets only in short texts: Monaco checks all brackets of a line for each of its rows. */
  #matchBrackets(): void {
    const enabled = this.#scale === 'short';
    this.model.updateOptions({ bracketColorizationOptions: { enabled, independentColorPoolPerBracketType: false } });
  }

  #set(traits: TextTraits): void {
    this.#traits = traits;
    this.#versions.set(this.model.getAlternativeVersionId(), traits);
    for (const listener of this.#listeners) listener();
  }

  /**
   * Intercepts each edit before it reaches the model: a paste, or a replacement by another part of the page. All use
   * `pushEditOperations`, and Monaco's events do not contain the original line ends.
   */
  #watchEdits(): void {
    const push = this.model.pushEditOperations.bind(this.model);
    this.model.pushEditOperations = (before, edits, ...rest) => {
      this.#incoming = edits.map(({ text }) => splitText(text ?? ''));
      this.#expect(this.#incoming);
      this.#hasReplacedAll = edits.length === 1 && edits.every(({ range }) => this.#isAll(range));
      const plain = edits.map((edit, index) => {
        const incoming = this.#incoming[index];
        // At the beginning of the payload U+FEFF is its byte order mark; elsewhere it is a character.
        const isFirst = edit.range.startLineNumber === 1 && edit.range.startColumn === 1;
        if (!incoming?.hasMark || !isFirst) return edit;
        this.#traits = { ...this.#traits, hasMark: true };
        return { ...edit, text: incoming.text };
      });
      return push(before, plain, ...rest);
    };
  }

  /** Disables the features that would be slow with `incoming`, before it is in the text. */
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
      let { ends } = this.#traits;
      for (const { range, text } of changes) {
        const { startLineNumber: startLine, endLineNumber: endLine } = range;
        ends = changeEnds(ends, { startLine, endLine, text, ends: this.#incomingEnds(text) }, this.#typed());
      }
      this.#set({ ...this.#traits, ends });
    }
  }

  /** Returns the original line ends of the `text` of a change; `undefined` if they are all LF, as in typed text. */
  #incomingEnds(text: string): string | undefined {
    const isSame = (incoming: SplitText) => incoming.text === text || byteOrderMark + incoming.text === text;
    return this.#incoming.find((incoming) => /[BC]/.test(incoming.ends) && isSame(incoming))?.ends;
  }
}

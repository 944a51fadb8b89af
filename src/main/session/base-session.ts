import type { SessionView } from '#shared/contract/models.ts';
import type { Failure, Result } from '#shared/failure.ts';
import type { Mark } from '#shared/record/record.ts';
import type { SessionSettings } from '#shared/record/session-json.ts';
import { sessionClosed } from './format/failures.ts';
import type { QueryDefinition, QueryHandle, QueryProgress } from './query/filter/query.ts';
import type { ReaderClient } from './query/reader-client.ts';
import type { QuestionInput, QuestionKind, QuestionOutput } from './questions.ts';
import type { MarkChange, Session } from './session.ts';
import type { JobOptions } from './threads.ts';

/** Additions to a session's file other than records. */
export interface SessionAdditions {
  readonly marks?: readonly Mark[];
  readonly settings?: Partial<SessionSettings>;
}

/** The common part of the live session and an opened one: a reader that answers questions, and listeners. */
export abstract class BaseSession implements Session {
  abstract readonly id: string;
  abstract readonly name: string;
  abstract readonly path: string;
  abstract readonly state: SessionView['state'];
  abstract readonly total: number;
  abstract readonly bytes: number;
  abstract readonly rate: number;
  abstract readonly problems: number;
  abstract readonly notice: string;
  abstract readonly error: Failure | undefined;

  protected abstract readonly reader: ReaderClient;
  /** The number of bytes of the file that may be read. */
  protected abstract readonly upTo: number;
  protected readonly changes = new Changes();
  /** Set when `close` is called. */
  protected closing: Promise<void> | undefined;
  /** Ends running questions when the session is closed; a save then removes its unfinished file. */
  readonly #closed = new AbortController();
  readonly #asked = new Set<Promise<unknown>>();
  readonly #queryListeners = new Set<(statuses: readonly QueryProgress[]) => void>();
  readonly #markListeners = new Set<(marks: readonly Mark[]) => void>();
  #marking: Promise<unknown> = Promise.resolve();

  view(): SessionView {
    const { id, name, path, state, total, bytes, rate, problems, notice, error } = this;
    const view = { id, name, path, state, total, bytes, rate, problems, notice };
    return error === undefined ? view : { ...view, error };
  }

  onChange(listener: () => void): () => void {
    return this.changes.listen(listener);
  }

  onQueries(listener: (statuses: readonly QueryProgress[]) => void): () => void {
    this.#queryListeners.add(listener);
    return () => this.#queryListeners.delete(listener);
  }

  onMarks(listener: (marks: readonly Mark[]) => void): () => void {
    this.#markListeners.add(listener);
    return () => this.#markListeners.delete(listener);
  }

  async ask<Kind extends QuestionKind>(
    kind: Kind,
    input: QuestionInput<Kind>,
    { signal, onProgress }: JobOptions = {},
  ): Promise<Result<QuestionOutput<Kind>>> {
    if (this.closing) return { ok: false, error: sessionClosed(this.name) };
    const ends = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal;
    const asking = this.reader.ask(kind, input, this.upTo, { signal: ends, onProgress });
    this.#asked.add(asking);
    return asking.finally(() => this.#asked.delete(asking));
  }

  async query(definition: QueryDefinition): Promise<Result<QueryHandle>> {
    if (this.closing) return { ok: false, error: sessionClosed(this.name) };
    return this.reader.query(definition, this.upTo);
  }

  async endQuery(id: string): Promise<Result<Record<string, never>>> {
    return this.closing ? { ok: true, value: {} } : this.reader.endQuery(id);
  }

  mark(seq: number, change: MarkChange): Promise<Result<Mark>> {
    // One after another, so that each change keeps what the previous one has set.
    const marking = this.#marking.then(() => this.#mark(seq, change));
    this.#marking = marking.catch(() => undefined);
    return marking;
  }

  async #mark(seq: number, change: MarkChange): Promise<Result<Mark>> {
    const before = await this.ask('mark', { seq });
    if (!before.ok) return before;
    const { bookmarked = before.value.bookmarked, note = before.value.note } = change;
    const mark = { seq, bookmarked, note };
    const error = await this.writeBlocks({ marks: [mark] });
    if (error) return { ok: false, error };
    for (const listener of this.#markListeners) listener([mark]);
    return { ok: true, value: mark };
  }

  async rename(name: string): Promise<Result<SessionView>> {
    const error = await this.writeBlocks({ settings: { name } });
    if (error) return { ok: false, error };
    return { ok: true, value: this.view() };
  }

  /** Writes marks and settings to the session's file; returns the failure, if any. */
  protected abstract writeBlocks(blocks: SessionAdditions): Promise<Failure | undefined>;

  protected tellQueries(statuses: readonly QueryProgress[]): void {
    for (const listener of this.#queryListeners) listener(statuses);
  }

  abstract flush(): Promise<void>;

  close(): Promise<void> {
    this.closing ??= this.#close();
    return this.closing;
  }

  /** Runs before the reader stops. */
  protected abstract finish(): Promise<void>;

  async #close(): Promise<void> {
    this.#closed.abort();
    await this.finish();
    await Promise.all(this.#asked);
    await this.reader.close();
    this.changes.close();
  }
}

/** The minimum time between calls of the listeners: 30 times a second is enough for the page. */
const everyMs = 33;

/** Notifies listeners of changes: immediately after a pause, and once for several changes in quick succession. */
export class Changes {
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something has changed, or will change in `delayMs`. */
  changed(delayMs = 0): void {
    if (this.#closed) return;
    const now = performance.now();
    const dueAt = Math.max(now + delayMs, this.#lastAt + everyMs);
    if (this.#timer !== undefined && this.#dueAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.#notify(), dueAt - now);
    this.#timer.unref();
  }

  /** Notifies listeners of a pending change, if any, and then stops. */
  close(): void {
    const isPending = this.#timer !== undefined;
    clearTimeout(this.#timer);
    this.#closed = true;
    if (isPending) this.#notify();
  }

  #notify(): void {
    this.#timer = undefined;
    this.#lastAt = performance.now();
    for (const listener of [...this.#listeners]) listener();
  }
}

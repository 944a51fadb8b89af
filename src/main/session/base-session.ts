import type { Scope, SessionView } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/contract/save-formats.ts';
import type { Failure, Result } from '#shared/failure.ts';
import type { Mark } from '#shared/record/marks.ts';
import type { SessionSettings } from '#shared/record/session-header.ts';
import type { Statistics } from '#shared/statistics/statistics.ts';
import { Changes } from './changes.ts';
import { sessionClosed } from './file-failure.ts';
import type { ReaderCall, ReaderCalls } from './protocol.ts';
import type { ReaderClient } from './reading/reader-client.ts';
import type {
  FilterProgress,
  FindOptions,
  GuessedFlow,
  GuessScope,
  Located,
  LocateOptions,
  MarkChange,
  ReadEntry,
  Reframed,
  ReframeOptions,
  Saved,
  SaveOptions,
  SearchOptions,
  Session,
  SessionStats,
  SessionWindow,
  StatisticsOptions,
  TaskOptions,
} from './session.ts';

/** What is added to a session's file beside records. */
export interface SessionAdditions {
  readonly marks?: readonly Mark[];
  readonly settings?: Partial<SessionSettings>;
}

/** What the live session and an opened one have in common: a reader to ask, and listeners to tell. */
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
  /** Bytes of the file that may be read. */
  protected abstract readonly upTo: number;
  protected readonly changes = new Changes();
  /** Set when `close` is called. */
  protected closing: Promise<void> | undefined;
  /** Ends the work under way when the session is closed; a save takes its unfinished file away. */
  readonly #closed = new AbortController();
  readonly #works = new Set<Promise<unknown>>();
  readonly #filterListeners = new Set<(statuses: readonly FilterProgress[]) => void>();
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

  onFilters(listener: (statuses: readonly FilterProgress[]) => void): () => void {
    this.#filterListeners.add(listener);
    return () => this.#filterListeners.delete(listener);
  }

  onMarks(listener: (marks: readonly Mark[]) => void): () => void {
    this.#markListeners.add(listener);
    return () => this.#markListeners.delete(listener);
  }

  window(first: number, count: number, filter?: string): Promise<Result<SessionWindow>> {
    return this.#ask('window', { upTo: this.upTo, first, count, filter });
  }

  unfilter(filter: string): Promise<Result<Record<string, never>>> {
    return this.#ask('unfilter', { filter });
  }

  locate(options: LocateOptions, task?: TaskOptions): Promise<Result<{ found: Located | null }>> {
    return this.#work('locate', { ...options, upTo: this.upTo }, task);
  }

  find(options: FindOptions, task?: TaskOptions): Promise<Result<{ found: Located | null }>> {
    return this.#work('find', { ...options, upTo: this.upTo }, task);
  }

  search(options: SearchOptions): Promise<Result<{ at: number | null }>> {
    return this.#ask('search', { ...options, upTo: this.upTo });
  }

  reads(socket: number, from: number, to: number): Promise<Result<{ reads: ReadEntry[] }>> {
    return this.#ask('reads', { upTo: this.upTo, socket, from, to });
  }

  mark(seq: number, change: MarkChange): Promise<Result<Mark>> {
    // One after the other: each leaves alone what the one before it has changed.
    const marking = this.#marking.then(() => this.#mark(seq, change));
    this.#marking = marking.catch(() => undefined);
    return marking;
  }

  async #mark(seq: number, change: MarkChange): Promise<Result<Mark>> {
    const before = await this.#ask('mark', { upTo: this.upTo, seq });
    if (!before.ok) return before;
    const { bookmarked = before.value.bookmarked, note = before.value.note } = change;
    const mark = { seq, bookmarked, note };
    const error = await this.writeBlocks({ marks: [mark] });
    if (error) return { ok: false, error };
    for (const listener of this.#markListeners) listener([mark]);
    return { ok: true, value: mark };
  }

  payload(seq: number, from: number, length: number): Promise<Result<{ bytes: Uint8Array; total: number }>> {
    return this.#ask('payload', { upTo: this.upTo, seq, from, length });
  }

  stats(): Promise<Result<SessionStats>> {
    return this.#ask('stats', { upTo: this.upTo });
  }

  statistics({ filter, pairing, ...task }: StatisticsOptions): Promise<Result<Statistics>> {
    return this.#work('statistics', { upTo: this.upTo, filter, pairing }, task);
  }

  estimate(format: SaveFormat, scope: Scope, task?: TaskOptions): Promise<Result<{ records: number; bytes: number }>> {
    return this.#work('estimate', { upTo: this.upTo, format, scope }, task);
  }

  save({ format, path, existing = 'replace', scope = {}, keepFormulas, ...task }: SaveOptions): Promise<Result<Saved>> {
    return this.#work('save', { upTo: this.upTo, format, path, existing, scope, keepFormulas }, task);
  }

  reframe({ framing, sockets, endpoint, path, name, appVersion, ...task }: ReframeOptions): Promise<Result<Reframed>> {
    return this.#work('reframe', { upTo: this.upTo, framing, sockets, endpoint, path, name, appVersion }, task);
  }

  guessFramings(scope: GuessScope = {}, task?: TaskOptions): Promise<Result<{ flows: GuessedFlow[] }>> {
    return this.#work('guess', { upTo: this.upTo, ...scope }, task);
  }

  async rename(name: string): Promise<Result<SessionView>> {
    const error = await this.writeBlocks({ settings: { name } });
    if (error) return { ok: false, error };
    return { ok: true, value: this.view() };
  }

  /** Keeps marks and settings in the session's file; gives why it cannot. */
  protected abstract writeBlocks(blocks: SessionAdditions): Promise<Failure | undefined>;

  /** Long work: ends when it is cancelled, or when the session is closed. */
  #work<Call extends ReaderCall>(
    kind: Call,
    input: ReaderCalls[Call]['input'],
    { signal, onProgress }: TaskOptions = {},
  ): Promise<Result<ReaderCalls[Call]['output']>> {
    const ends = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal;
    const working = this.#ask(kind, input, { signal: ends, onProgress });
    this.#works.add(working);
    return working.finally(() => this.#works.delete(working));
  }

  protected tellFilters(statuses: readonly FilterProgress[]): void {
    for (const listener of this.#filterListeners) listener(statuses);
  }

  abstract flush(): Promise<void>;

  close(): Promise<void> {
    this.closing ??= this.#close();
    return this.closing;
  }

  /** What is to be done before the reader stops. */
  protected abstract finish(): Promise<void>;

  async #close(): Promise<void> {
    this.#closed.abort();
    await this.finish();
    await Promise.all(this.#works);
    await this.reader.close();
    this.changes.close();
  }

  async #ask<Call extends ReaderCall>(
    kind: Call,
    input: ReaderCalls[Call]['input'],
    options: TaskOptions = {},
  ): Promise<Result<ReaderCalls[Call]['output']>> {
    if (this.closing) return { ok: false, error: sessionClosed(this.name) };
    return this.reader.ask(kind, input, options);
  }
}

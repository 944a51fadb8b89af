import type { Failure, Result } from '#shared/contract/failure.ts';
import type { SessionView } from '#shared/contract/models.ts';
import { Changes } from './changes.ts';
import { sessionClosed } from './file-failure.ts';
import type { ReaderCall, ReaderCalls } from './protocol.ts';
import type { ReaderClient } from './reader-client.ts';
import type { Saved, SaveOptions, Session, SessionStats, SessionWindow } from './session.ts';

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
  /** Ends the saves under way when the session is closed; each takes its unfinished file away. */
  readonly #closed = new AbortController();
  readonly #saves = new Set<Promise<unknown>>();

  view(): SessionView {
    const { id, name, path, state, total, bytes, rate, problems, notice, error } = this;
    const view = { id, name, path, state, total, bytes, rate, problems, notice };
    return error === undefined ? view : { ...view, error };
  }

  onChange(listener: () => void): () => void {
    return this.changes.listen(listener);
  }

  window(first: number, count: number): Promise<Result<SessionWindow>> {
    return this.#ask('window', { upTo: this.upTo, first, count });
  }

  payload(seq: number, from: number, length: number): Promise<Result<{ bytes: Uint8Array; total: number }>> {
    return this.#ask('payload', { upTo: this.upTo, seq, from, length });
  }

  stats(): Promise<Result<SessionStats>> {
    return this.#ask('stats', { upTo: this.upTo });
  }

  save({ format, path, signal, onProgress }: SaveOptions): Promise<Result<Saved>> {
    const ends = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal;
    const saving = this.#ask('save', { upTo: this.upTo, format, path }, { signal: ends, onProgress });
    this.#saves.add(saving);
    return saving.finally(() => this.#saves.delete(saving));
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
    await Promise.all(this.#saves);
    await this.reader.close();
    this.changes.close();
  }

  async #ask<Call extends ReaderCall>(
    kind: Call,
    input: ReaderCalls[Call]['input'],
    options: Pick<SaveOptions, 'signal' | 'onProgress'> = {},
  ): Promise<Result<ReaderCalls[Call]['output']>> {
    if (this.closing) return { ok: false, error: sessionClosed(this.name) };
    return this.reader.ask(kind, input, options);
  }
}

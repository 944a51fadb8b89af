import type { Worker } from 'node:worker_threads';
import type { Failure, Result } from '#shared/failure.ts';
import type { Mark } from '#shared/record/record.ts';
import type { SessionSettings } from '#shared/record/session-json.ts';
import { cancelled } from '../format/failures.ts';
import type { QuestionInput, QuestionKind, QuestionOutput } from '../questions.ts';
import { Awaiting, type JobOptions, startWorker, type WorkerEnd, workerEnd, workerFailure } from '../threads.ts';
import type { QueryDefinition, QueryHandle, QueryProgress } from './filter/query.ts';
import type { OpenedView } from './reader.ts';

/** The initial data of the reader worker. */
export interface ReaderStart {
  readonly path: string;
  /** A live file is trusted, because it was just written, and grows; other files are checked. */
  readonly live: boolean;
  /** The queries, by handle, including those created before this reader started. */
  readonly queries: ReadonlyMap<string, QueryDefinition>;
}

/** What is asked of the reader beside questions. */
export type ReaderRequest =
  | { readonly kind: 'open' }
  /** The file is at another path, with all that was in it. */
  | { readonly kind: 'reopen'; readonly path: string }
  /** Appends to a file that nobody records to; see `Reader.append`. */
  | {
      readonly kind: 'append';
      readonly marks?: readonly Mark[] | undefined;
      readonly settings?: Partial<SessionSettings> | undefined;
    }
  | { readonly kind: 'query'; readonly query: string; readonly definition: QueryDefinition }
  | { readonly kind: 'endQuery'; readonly query: string };

export interface ReaderAnswers {
  readonly open: OpenedView;
  readonly reopen: Nothing;
  readonly append: OpenedView;
  readonly query: QueryHandle;
  readonly endQuery: Nothing;
}
type Nothing = Readonly<Record<string, never>>;

export type ToReader =
  | {
      readonly kind: 'ask';
      readonly id: number;
      /** A kind of the catalogue of questions, and its input. */
      readonly question: string;
      readonly input: unknown;
      /** How much of the file may be read. */
      readonly upTo: number;
    }
  | { readonly kind: 'request'; readonly id: number; readonly request: ReaderRequest; readonly upTo: number }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromReader =
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly kind: 'changed'; readonly view: OpenedView }
  | { readonly kind: 'queries'; readonly statuses: QueryProgress[] };

type Answer = Result<unknown>;

/** The maximum number of queries of one session, of all pages together. */
const maxQueries = 4_096;

interface Pending {
  readonly answer: (result: Answer) => void;
  readonly onProgress: JobOptions['onProgress'];
}

interface ReaderEvents {
  changed(view: OpenedView): void;
  queries(statuses: QueryProgress[]): void;
}

/** The engine's side of the reader worker, which is started by the first question. */
export class ReaderClient {
  #start: Omit<ReaderStart, 'queries'>;
  /** By handle. They survive a crash of the worker. */
  readonly #queries = new Map<string, QueryDefinition>();
  #lastQuery = 0;
  readonly #events: ReaderEvents;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #awaiting: Awaiting | undefined;
  #lastId = 0;

  constructor(start: Omit<ReaderStart, 'queries'>, events: ReaderEvents) {
    this.#start = start;
    this.#events = events;
  }

  /**
   * Asks one question about the first `upTo` bytes of the file. If the worker crashes, returns a failure, and the next question
   * starts a new worker.
   */
  async ask<Kind extends QuestionKind>(
    question: Kind,
    input: QuestionInput<Kind>,
    upTo: number,
    job: JobOptions = {},
  ): Promise<Result<QuestionOutput<Kind>>> {
    const answer = await this.#send((id) => ({ kind: 'ask', id, question, input, upTo }), job);
    // The catalogue gives the types of a question's input and answer.
    return answer as Result<QuestionOutput<Kind>>;
  }

  async request<Request extends ReaderRequest>(
    request: Request,
    upTo: number,
  ): Promise<Result<ReaderAnswers[Request['kind']]>> {
    const answer = await this.#send((id) => ({ kind: 'request', id, request, upTo }), {});
    return answer as Result<ReaderAnswers[Request['kind']]>;
  }

  /** Creates a query. Fails with `bad-input` for an invalid filter, with `too-large` if there are too many queries. */
  async query(definition: QueryDefinition, upTo: number): Promise<Result<QueryHandle>> {
    if (this.#queries.size >= maxQueries) return { ok: false, error: tooManyQueries() };
    this.#lastQuery += 1;
    const query = String(this.#lastQuery);
    this.#queries.set(query, definition);
    const made = await this.request({ kind: 'query', query, definition }, upTo);
    if (!made.ok) this.#queries.delete(query);
    return made;
  }

  /** Ends the search of a query and forgets it. */
  async endQuery(query: string): Promise<Result<Record<string, never>>> {
    const isKnown = this.#queries.delete(query);
    if (!isKnown || this.#worker === undefined) return { ok: true, value: {} };
    return this.request({ kind: 'endQuery', query }, 0);
  }

  async #send(messageOf: (id: number) => ToReader, { signal, onProgress }: JobOptions): Promise<Answer> {
    const worker = this.#running();
    this.#lastId += 1;
    const id = this.#lastId;
    const cancel = () => worker.postMessage({ kind: 'cancel', id } satisfies ToReader);
    const result = await new Promise<Answer>((answer) => {
      this.#pending.set(id, { answer, onProgress });
      this.#awaiting?.begin();
      worker.postMessage(messageOf(id));
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
    signal?.removeEventListener('abort', cancel);
    return result;
  }

  /** Notes that the file has moved to `path` with all its content: later questions read it there. */
  moved(path: string): void {
    this.#start = { ...this.#start, path };
    if (this.#worker === undefined) return;
    void this.request({ kind: 'reopen', path }, 0).then((reopened) => {
      // A new worker, if any, opens the new file.
      if (!reopened.ok) void this.close();
    });
  }

  /** Notes that the file at `path` is a different one, or was written again: later questions read it from its start. */
  restart(path: string): void {
    this.#start = { ...this.#start, path };
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.removeAllListeners();
    this.#answerAll(cancelled('Reading the session'));
    void worker.terminate();
  }

  /** Stops the worker; pending questions fail. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = startWorker('log-reader', { ...this.#start, queries: this.#queries } satisfies ReaderStart);
    this.#worker = worker;
    this.#awaiting = new Awaiting(worker);
    let end: WorkerEnd = { system: 'it was stopped' };
    worker.on('message', (message: FromReader) => this.#take(message));
    worker.on('error', (error) => {
      end = workerEnd(error);
    });
    worker.on('exit', () => this.#ended(end));
    return worker;
  }

  #take(message: FromReader): void {
    if (message.kind === 'changed') {
      this.#events.changed(message.view);
      return;
    }
    if (message.kind === 'queries') {
      this.#events.queries(message.statuses);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (message.kind === 'progress') {
      pending?.onProgress?.(message.done, message.total);
      return;
    }
    this.#pending.delete(message.id);
    this.#awaiting?.end();
    pending?.answer(message.result);
  }

  #ended(end: WorkerEnd): void {
    this.#answerAll(workerFailure('The session could not be read: its reader ended', end));
  }

  /** Fails all pending requests of the worker, which has ended. */
  #answerAll(error: Failure): void {
    this.#worker = undefined;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of waiting) pending.answer({ ok: false, error });
  }
}

function tooManyQueries(): Failure {
  return {
    code: 'too-large',
    message: 'The filter was not applied',
    system: `the session has ${maxQueries} queries already`,
    hint: 'Close other pages of Wirebench, or reload this one: the queries of a page end with it.',
  };
}

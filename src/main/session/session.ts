import type { SessionView } from '#shared/contract/models.ts';
import type { Failure, Result } from '#shared/failure.ts';
import type { LogSink, Mark } from '#shared/record/record.ts';
import type { QueryDefinition, QueryHandle, QueryProgress } from './query/filter/query.ts';
import type { QuestionInput, QuestionKind, QuestionOutput } from './questions.ts';
import type { JobOptions } from './threads.ts';

/** A session that answers questions: the live one or an opened file. Its reader thread answers every question. */
export interface Session {
  /** Unique among all open sessions. */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly state: SessionView['state'];
  /** The number of records available for questions. */
  readonly total: number;
  /** The number of recorded message bytes. */
  readonly bytes: number;
  /** Messages per second over the last second; 0 for an opened file. */
  readonly rate: number;
  readonly problems: number;
  /** What is missing from a file that is damaged or was not closed properly; empty otherwise. */
  readonly notice: string;
  /** Why recording stopped, if `state` is `failed`. */
  readonly error: Failure | undefined;
  /** Returns all of the above, as the contract defines it. */
  view(): SessionView;

  /** Calls `listener` when any of the above changes, at most 30 times a second; returns a function that ends that. */
  onChange(listener: () => void): () => void;

  /** Calls `listener` with the progress of queries, at most about 10 times a second. */
  onQueries(listener: (statuses: readonly QueryProgress[]) => void): () => void;

  /** Calls `listener` with the marks that were set. */
  onMarks(listener: (marks: readonly Mark[]) => void): () => void;

  /**
   * Asks a question of the catalogue about what is on disk now. `job` follows and cancels long work; it ends with
   * `cancelled` when the session is closed.
   */
  ask<Kind extends QuestionKind>(
    kind: Kind,
    input: QuestionInput<Kind>,
    job?: JobOptions,
  ): Promise<Result<QuestionOutput<Kind>>>;

  /**
   * Creates a query, to which questions refer by its id. Fails with `bad-input` for an invalid filter, with `too-large`
   * if the session has too many queries.
   */
  query(definition: QueryDefinition): Promise<Result<QueryHandle>>;

  /** Stops the search of a query and removes it. */
  endQuery(id: string): Promise<Result<Record<string, never>>>;

  /** Sets or removes a bookmark or a note in the session's file. Omitted properties stay unchanged. */
  mark(seq: number, change: MarkChange): Promise<Result<Mark>>;

  /** Renames the session; the name is stored in its file. */
  rename(name: string): Promise<Result<SessionView>>;

  /** Resolves when everything recorded before is in the file and available for questions (or recording has failed). */
  flush(): Promise<void>;

  /** Flushes, closes the file properly and stops the workers. Later questions fail with `closed`. */
  close(): Promise<void>;
}

export interface MarkChange {
  readonly bookmarked?: boolean | undefined;
  readonly note?: string | undefined;
}

/** The session that is being recorded. */
export interface SessionLog extends Session, LogSink {
  /** Moves the recording to another file, which then contains the whole session, and removes the old one. Also after a failure. */
  move(path: string, job?: JobOptions): Promise<Result<SessionView>>;

  /**
   * Returns how many records are not in the file, or that it is in another place, and why; final once the session is closed.
   * `undefined` if the file is complete and in its place.
   */
  readonly loss: Failure | undefined;

  /** True if the session was named. */
  readonly isNamed: boolean;

  /** Retries writing after recording has failed. */
  retry(): Promise<Result<SessionView>>;
}

export interface CreateSessionOptions {
  /** The file to create. An existing file is never overwritten. Its folder must exist. */
  readonly path: string;
  readonly name: string;
  readonly appVersion: string;
}

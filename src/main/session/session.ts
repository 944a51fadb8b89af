import type { SessionView } from '#shared/contract/models.ts';
import type { Failure, Result } from '#shared/failure.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import type { Mark } from '#shared/record/marks.ts';
import type { QueryDefinition, QueryHandle, QueryProgress } from './filtering/query.ts';
import type { QuestionInput, QuestionKind, QuestionOutput } from './questions/catalogue.ts';
import type { TaskOptions } from './task.ts';

/** A session that can be asked: the live one or an opened file. Every question is answered by its reader thread. */
export interface Session {
  /** Unique among all sessions that are open. */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly state: SessionView['state'];
  /** Records that questions can be asked about. */
  readonly total: number;
  /** Message bytes recorded. */
  readonly bytes: number;
  /** Messages a second over the last second; 0 for an opened file. */
  readonly rate: number;
  readonly problems: number;
  /** What was cut from a file that did not end well; empty otherwise. */
  readonly notice: string;
  /** Why recording stopped, where `state` is `failed`. */
  readonly error: Failure | undefined;
  /** All of the above, as the contract has it. */
  view(): SessionView;

  /** Calls `listener` when any of the above changed, at most some 30 times a second; gives the function that stops it. */
  onChange(listener: () => void): () => void;

  /** Calls `listener` with how far the searches of queries have come, at most some 10 times a second. */
  onQueries(listener: (statuses: readonly QueryProgress[]) => void): () => void;

  /** Calls `listener` with the marks that were set. */
  onMarks(listener: (marks: readonly Mark[]) => void): () => void;

  /**
   * Asks a question of the catalogue about what is on disk now. Long work is followed, and ended early, by `task`; it ends as
   * `cancelled` when the session is closed.
   */
  ask<Kind extends QuestionKind>(
    kind: Kind,
    input: QuestionInput<Kind>,
    task?: TaskOptions,
  ): Promise<Result<QuestionOutput<Kind>>>;

  /**
   * Makes a query, to which questions refer by its id. Fails as `bad-input` where its filter is not a filter, as `too-large`
   * where the session has too many.
   */
  query(definition: QueryDefinition): Promise<Result<QueryHandle>>;

  /** Stops the search of a query and forgets it. */
  endQuery(id: string): Promise<Result<Record<string, never>>>;

  /** Sets or takes away a bookmark or a note; kept in the session's file. What is left out stays as it is. */
  mark(seq: number, change: MarkChange): Promise<Result<Mark>>;

  /** Gives the session a name, kept in its file. */
  rename(name: string): Promise<Result<SessionView>>;

  /** Resolves when all that was recorded before is in the file and can be asked for (or recording has failed). */
  flush(): Promise<void>;

  /** Flushes, ends the file cleanly and stops the workers. Questions after it fail as `closed`. */
  close(): Promise<void>;
}

export interface MarkChange {
  readonly bookmarked?: boolean | undefined;
  readonly note?: string | undefined;
}

/** The session that is being recorded. */
export interface SessionLog extends Session, LogSink {
  /** Goes on in another file, which then holds all of the session; the old one is removed. Also after a failure. */
  move(path: string, task?: TaskOptions): Promise<Result<SessionView>>;

  /**
   * Says how many records are not in the file, or that it is at another place, and why; final once the session is closed.
   * `undefined` where all is well.
   */
  readonly loss: Failure | undefined;

  /** True once someone gave the session a name. */
  readonly isNamed: boolean;

  /** Tries to write on where recording has failed. */
  retry(): Promise<Result<SessionView>>;
}

export interface CreateSessionOptions {
  /** The file to make. One that exists is never overwritten. Its folder must exist. */
  readonly path: string;
  readonly name: string;
  readonly appVersion: string;
}

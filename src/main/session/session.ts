import type { Failure, Result } from '#shared/contract/failure.ts';
import type { SaveFormat, SessionView } from '#shared/contract/models.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';

/** Rows as the traffic table asks for them, with what is known of the sockets they name. */
export interface SessionWindow {
  /** Records that the session holds now. */
  readonly total: number;
  readonly rows: Row[];
  readonly sockets: SocketInfo[];
}

/** Counts over all records of a session. Bytes are message bytes, framing included; times are ms since the epoch. */
export interface SessionStats {
  readonly records: number;
  readonly events: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** `failed`, `limited` and `problem` records. */
  readonly problems: number;
  readonly sockets: number;
  /** Times of the first and the last record; 0 in an empty session. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly fileBytes: number;
}

export interface SaveOptions {
  readonly format: SaveFormat;
  /** Replaced only when all is written. */
  readonly path: string;
  /** Aborting ends the save with a `cancelled` failure and leaves no file. */
  readonly signal?: AbortSignal | undefined;
  /** Called at most some ten times a second; `done` and `total` are in the same unit (bytes of the session file). */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Saved {
  readonly path: string;
  readonly records: number;
  /** Size of the written file. */
  readonly bytes: number;
}

/** A session that can be asked: the live one or an opened file. Every question is answered by a worker. */
export interface Session {
  /** Unique among all sessions that are open. */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly state: SessionView['state'];
  /** Records that `window` can answer. */
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

  /** Up to `count` rows from record `first` on; fewer, or none, where the session ends before. */
  window(first: number, count: number): Promise<Result<SessionWindow>>;

  /** Bytes `[from, from + length)` of one message, framing included; `total` is its length, 0 for lifecycle records. */
  payload(seq: number, from: number, length: number): Promise<Result<{ bytes: Uint8Array; total: number }>>;

  stats(): Promise<Result<SessionStats>>;

  /** Writes a copy in another place or format. The session goes on meanwhile; the copy has what is on disk now. */
  save(options: SaveOptions): Promise<Result<Saved>>;

  /** Resolves when all that was recorded before is in the file and can be asked for (or recording has failed). */
  flush(): Promise<void>;

  /** Flushes, ends the file cleanly and stops the workers. Questions after it fail as `closed`. */
  close(): Promise<void>;
}

/** The session that is being recorded. */
export interface SessionLog extends Session, LogSink {}

export interface CreateSessionOptions {
  /** The file to make. One that exists is never overwritten. Its folder must exist. */
  readonly path: string;
  readonly name: string;
  readonly appVersion: string;
}

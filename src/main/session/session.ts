import type { FilterStatus, Scope, SessionView } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/contract/save-formats.ts';
import type { Failure, Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { FramingGuess } from '#shared/framing/guess.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import type { Mark } from '#shared/record/marks.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import type { Pairing, Statistics } from '#shared/statistics/statistics.ts';

/** Rows as the traffic table asks for them, with what is known of the sockets they name. */
export interface SessionWindow {
  /** Records that the session holds now. */
  readonly total: number;
  /** Matches of the filter among the first `scanned` records; without a filter both are `total`. */
  readonly matched: number;
  readonly scanned: number;
  readonly rows: Row[];
  readonly sockets: SocketInfo[];
}

/** A record, and how many of those that match the filter come before it. */
export interface Located {
  readonly seq: number;
  readonly index: number;
}

export interface LocateOptions {
  readonly filter?: string | undefined;
  /** The first match from this record on … */
  readonly seq?: number | undefined;
  /** … or from this time on (milliseconds since the epoch). */
  readonly at?: number | undefined;
}

export interface FindOptions {
  /** What to look for, as a filter. */
  readonly find: string;
  /** Among the records that match this one. */
  readonly filter?: string | undefined;
  /** Behind this record, or before it where `backward`. */
  readonly from: number;
  readonly backward: boolean;
}

export interface SearchOptions {
  readonly seq: number;
  readonly needle: Uint8Array;
  /** The first place from this byte on, or the last before it where `backward`. */
  readonly from: number;
  readonly backward: boolean;
}

/** What one read of a socket brought: `length` bytes from `offset` of its stream on. */
export interface ReadEntry {
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly length: number;
}

export interface StatisticsOptions extends TaskOptions {
  readonly filter?: string | undefined;
  readonly pairing: Pairing;
}

/** Counts over all records of a session. Bytes are message bytes, framing included; times are ms since the epoch. */
export interface SessionStats {
  readonly records: number;
  readonly events: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** `failed`, `limited`, `problem` and `malformed` records. */
  readonly problems: number;
  readonly sockets: number;
  /** Times of the first and the last record; 0 in an empty session. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly fileBytes: number;
}

/** How long work is followed and ended early. */
export interface TaskOptions {
  /** Aborting ends the work with a `cancelled` failure; a save then leaves no file. */
  readonly signal?: AbortSignal | undefined;
  /** Called at most some ten times a second; `done` and `total` are in the same unit. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface SaveOptions extends TaskOptions {
  readonly format: SaveFormat;
  /** Replaced only when all is written. */
  readonly path: string;
  /** What becomes of a file that is there: `refuse` fails (`EEXIST`). Replaced where it is left out. */
  readonly existing?: 'refuse' | 'replace' | undefined;
  /** Which records; all where it is left out. */
  readonly scope?: Scope | undefined;
  /** Of CSV: leaves cells as they are that a spreadsheet would run as formulas. */
  readonly keepFormulas?: boolean | undefined;
}

export interface Saved {
  readonly path: string;
  readonly records: number;
  /** Size of the written file. */
  readonly bytes: number;
}

export interface ReframeOptions extends TaskOptions {
  readonly framing: FramingSpec;
  /** The sockets whose streams are cut; all where it is left out. Those that carry messages stay as they are. */
  readonly sockets?: readonly number[] | undefined;
  /** Where no sockets are named: those of this endpoint alone. */
  readonly endpoint?: string | undefined;
  /** The session file to make. One that exists is never overwritten. */
  readonly path: string;
  /** The new session's name. */
  readonly name: string;
  readonly appVersion: string;
}

/** What cutting a session anew made. */
export interface Reframed {
  readonly path: string;
  readonly records: number;
  readonly messages: number;
  /** Sockets whose streams were cut. */
  readonly sockets: number;
  /** Size of the written file. */
  readonly bytes: number;
  /** What of the session could not be taken, in sentences; empty where all was. The new one's last record says it too. */
  readonly notice: string;
}

/** The framings that may be those of one flow: one direction of one socket. */
export interface GuessScope {
  readonly sockets?: readonly number[] | undefined;
  /** Where no sockets are named: those of this endpoint alone. */
  readonly endpoint?: string | undefined;
}

export interface GuessedFlow {
  readonly socket: number;
  readonly peer: string;
  readonly direction: 'in' | 'out';
  /** How many bytes of it were looked at. */
  readonly bytes: number;
  /** The best first. */
  readonly guesses: (Omit<FramingGuess, 'protocols'> & { readonly protocols: string[] })[];
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

  /** Calls `listener` with how far the searches of filters have come, at most some 10 times a second. */
  onFilters(listener: (statuses: readonly FilterProgress[]) => void): () => void;

  /** Calls `listener` with the marks that were set. */
  onMarks(listener: (marks: readonly Mark[]) => void): () => void;

  /**
   * Up to `count` rows from the `first` on among those that match `filter` (all, where there is none), as far as the
   * search has come; fewer, or none, where it ends before. Fails as `bad-input` where `filter` is none.
   */
  window(first: number, count: number, filter?: string): Promise<Result<SessionWindow>>;

  /** Ends the search of a filter and forgets what it found. */
  unfilter(filter: string): Promise<Result<Record<string, never>>>;

  /** Where a record stands; see `LocateOptions`. Undefined `found` where nothing matches. */
  locate(options: LocateOptions, task?: TaskOptions): Promise<Result<{ found: Located | null }>>;

  /** The next or the previous record that matches. */
  find(options: FindOptions, task?: TaskOptions): Promise<Result<{ found: Located | null }>>;

  /** Where bytes lie in one message, framing included. */
  search(options: SearchOptions): Promise<Result<{ at: number | null }>>;

  /** The reads that brought bytes `[from, to)` of what `socket` received, 1000 at most. */
  reads(socket: number, from: number, to: number): Promise<Result<{ reads: ReadEntry[] }>>;

  /** Sets or takes away a bookmark or a note; kept in the session's file. What is left out stays as it is. */
  mark(seq: number, change: MarkChange): Promise<Result<Mark>>;

  /** Bytes `[from, from + length)` of one message, framing included; `total` is its length, 0 for lifecycle records. */
  payload(seq: number, from: number, length: number): Promise<Result<{ bytes: Uint8Array; total: number }>>;

  stats(): Promise<Result<SessionStats>>;

  /** Everything that is counted, over all records or those that match a filter. */
  statistics(options: StatisticsOptions): Promise<Result<Statistics>>;

  /** How many records a save would write, and about how many bytes the file would have. */
  estimate(format: SaveFormat, scope: Scope, task?: TaskOptions): Promise<Result<{ records: number; bytes: number }>>;

  /** Gives the session a name, kept in its file. */
  rename(name: string): Promise<Result<SessionView>>;

  /** Writes a copy in another place or format. The session goes on meanwhile; the copy has what is on disk now. */
  save(options: SaveOptions): Promise<Result<Saved>>;

  /**
   * Makes a session in which streams are cut by another framing, of what is on disk now; this one stays as it is. Bytes
   * are kept exactly. Fails as `not-found` or `wrong-state` where the sockets have no stream, as `file`, as `cancelled`;
   * then there is no file.
   */
  reframe(options: ReframeOptions): Promise<Result<Reframed>>;

  /** Guesses the framings of the flows in `scope`, or of all: of the first 32 that carry a stream. */
  guessFramings(scope?: GuessScope, task?: TaskOptions): Promise<Result<{ flows: GuessedFlow[] }>>;

  /** Resolves when all that was recorded before is in the file and can be asked for (or recording has failed). */
  flush(): Promise<void>;

  /** Flushes, ends the file cleanly and stops the workers. Questions after it fail as `closed`. */
  close(): Promise<void>;
}

export interface MarkChange {
  readonly bookmarked?: boolean | undefined;
  readonly note?: string | undefined;
}

export type FilterProgress = Omit<FilterStatus, 'session'>;

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

import type { Failure, Result } from '#shared/failure.ts';
import type { Mark } from '#shared/record/marks.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { SessionSettings, SessionTotals } from '#shared/record/session-header.ts';
import type { FilledBlock } from './format/filling-block.ts';
import type { FilledReads } from './format/filling-reads.ts';
import type { QueryDefinition, QueryHandle, QueryProgress } from './query/filter/query.ts';

/** The initial data of the writer worker: a file that begins with a complete session header block. */
export interface WriterStart {
  readonly path: string;
  readonly length: number;
}

/** Requests to the writer other than records. Each is answered, after everything that was handed over before. */
export type WriterRequest =
  | { readonly kind: 'flush' }
  | { readonly kind: 'marks'; readonly marks: readonly Mark[] }
  | { readonly kind: 'settings'; readonly settings: Partial<SessionSettings> }
  | { readonly kind: 'retry' }
  | { readonly kind: 'move'; readonly path: string };

export type ToWriter =
  | { readonly kind: 'records'; readonly block: FilledBlock }
  | { readonly kind: 'reads'; readonly reads: FilledReads }
  | { readonly kind: 'sockets'; readonly infos: SocketInfo[] }
  | { readonly kind: 'request'; readonly id: number; readonly request: WriterRequest }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close'; readonly totals: SessionTotals };

export type FromWriter =
  /** It has started; the first message. */
  | { readonly kind: 'running' }
  | {
      readonly kind: 'written';
      /** The number of bytes in whole blocks, and the number of the next record. */
      readonly length: number;
      readonly next: number;
      /** As `Recorder.written` expects them. */
      readonly bytes: number;
      readonly buffers: ArrayBuffer[];
    }
  | { readonly kind: 'answer'; readonly id: number; readonly error: Failure | undefined }
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  /** The file has moved; sent before anything is written to the new place. */
  | { readonly kind: 'moved'; readonly path: string }
  /** The file was written again after another program had changed it: `lost` records are missing from it. */
  | { readonly kind: 'mended'; readonly path: string; readonly lost: number }
  /** Everything that is not written waits in the writer, and so will new records. */
  | { readonly kind: 'failed'; readonly error: Failure; readonly length: number; readonly next: number }
  /** It writes again. */
  | { readonly kind: 'resumed' }
  | { readonly kind: 'closed' };

/** The initial data of the reader worker. */
export interface ReaderStart {
  readonly path: string;
  /** A live file is trusted, because it was just written, and grows; other files are checked. */
  readonly live: boolean;
  /** The queries, by handle, including those created before this reader started. */
  readonly queries: ReadonlyMap<string, QueryDefinition>;
}

/** The properties of an opened file. */
export interface OpenedView {
  readonly name: string;
  readonly total: number;
  readonly bytes: number;
  readonly problems: number;
  readonly notice: string;
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

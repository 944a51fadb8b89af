import type { Scope } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/contract/save-formats.ts';
import type { Failure, Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { Mark } from '#shared/record/marks.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { SessionSettings, SessionTotals } from '#shared/record/session-header.ts';
import type { Pairing, Statistics } from '#shared/statistics/statistics.ts';
import type { FilledBlock } from './recording/filling-block.ts';
import type { FilledReads } from './recording/filling-reads.ts';
import type {
  FilterProgress,
  FindOptions,
  GuessedFlow,
  GuessScope,
  Located,
  LocateOptions,
  ReadEntry,
  Reframed,
  Saved,
  SearchOptions,
  SessionStats,
  SessionWindow,
} from './session.ts';

/** What the writer worker starts with: a file that begins with a whole session header block. */
export interface WriterStart {
  readonly path: string;
  readonly length: number;
}

/** What is asked of the writer, beside taking records. Each is answered, and waits for what was handed over before. */
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
  /** It has started; comes first. */
  | { readonly kind: 'running' }
  | {
      readonly kind: 'written';
      /** Bytes of the file that are whole blocks, and the number of the record that comes next. */
      readonly length: number;
      readonly next: number;
      /** As `Recorder.written` takes them. */
      readonly bytes: number;
      readonly buffers: ArrayBuffer[];
    }
  | { readonly kind: 'answer'; readonly id: number; readonly error: Failure | undefined }
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  /** The file is at another place; comes before anything is written there. */
  | { readonly kind: 'moved'; readonly path: string }
  /** The file was written again after another program had changed it: `lost` records that were in it are not. */
  | { readonly kind: 'mended'; readonly path: string; readonly lost: number }
  /** What was not written waits in the writer, as what comes will. */
  | { readonly kind: 'failed'; readonly error: Failure; readonly length: number; readonly next: number }
  /** It writes again. */
  | { readonly kind: 'resumed' }
  | { readonly kind: 'closed' };

/** What the reader worker starts with. */
export interface ReaderStart {
  readonly path: string;
  /** A live file is trusted as it was just written, and grows; another one is checked. */
  readonly live: boolean;
}

/** What is known of an opened file. */
export interface OpenedView {
  readonly name: string;
  readonly total: number;
  readonly bytes: number;
  readonly problems: number;
  readonly notice: string;
}

/** The questions that the reader answers. `upTo` is the length of the file that may be read, of a live one. */
export interface ReaderCalls {
  /** The file is at another path, with all that was in it. */
  readonly reopen: { readonly input: { readonly path: string }; readonly output: Record<string, never> };
  /** Appends to a file that nobody records to; see `Reader.append`. */
  readonly append: {
    readonly input: {
      readonly marks?: readonly Mark[] | undefined;
      readonly settings?: Partial<SessionSettings> | undefined;
    };
    readonly output: OpenedView;
  };
  readonly open: { readonly input: { readonly upTo: number }; readonly output: OpenedView };
  readonly window: {
    readonly input: {
      readonly upTo: number;
      readonly first: number;
      readonly count: number;
      readonly filter?: string | undefined;
    };
    readonly output: SessionWindow;
  };
  readonly unfilter: { readonly input: { readonly filter: string }; readonly output: Record<string, never> };
  readonly locate: {
    readonly input: LocateOptions & { readonly upTo: number };
    readonly output: { found: Located | null };
  };
  readonly find: {
    readonly input: FindOptions & { readonly upTo: number };
    readonly output: { found: Located | null };
  };
  readonly search: {
    readonly input: SearchOptions & { readonly upTo: number };
    readonly output: { at: number | null };
  };
  readonly reads: {
    readonly input: { readonly upTo: number; readonly socket: number; readonly from: number; readonly to: number };
    readonly output: { reads: ReadEntry[] };
  };
  readonly mark: { readonly input: { readonly upTo: number; readonly seq: number }; readonly output: Mark };
  readonly payload: {
    readonly input: { readonly upTo: number; readonly seq: number; readonly from: number; readonly length: number };
    readonly output: { bytes: Uint8Array<ArrayBuffer>; total: number };
  };
  readonly stats: { readonly input: { readonly upTo: number }; readonly output: SessionStats };
  readonly statistics: {
    readonly input: { readonly upTo: number; readonly filter?: string | undefined; readonly pairing: Pairing };
    readonly output: Statistics;
  };
  readonly save: {
    readonly input: {
      readonly upTo: number;
      readonly format: SaveFormat;
      readonly path: string;
      readonly existing: 'refuse' | 'replace';
      readonly scope: Scope;
      readonly keepFormulas?: boolean | undefined;
    };
    readonly output: Saved;
  };
  readonly reframe: {
    readonly input: {
      readonly upTo: number;
      readonly framing: FramingSpec;
      readonly sockets?: readonly number[] | undefined;
      readonly endpoint?: string | undefined;
      readonly path: string;
      readonly name: string;
      readonly appVersion: string;
    };
    readonly output: Reframed;
  };
  readonly guess: {
    readonly input: { readonly upTo: number } & GuessScope;
    readonly output: { flows: GuessedFlow[] };
  };
  readonly estimate: {
    readonly input: { readonly upTo: number; readonly format: SaveFormat; readonly scope: Scope };
    readonly output: { records: number; bytes: number };
  };
}
export type ReaderCall = keyof ReaderCalls;

export type ToReader =
  | {
      [Call in ReaderCall]: { readonly kind: Call; readonly id: number; readonly input: ReaderCalls[Call]['input'] };
    }[ReaderCall]
  | { readonly kind: 'cancel'; readonly id: number };

export type FromReader =
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result<ReaderCalls[ReaderCall]['output']> }
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly kind: 'changed'; readonly view: OpenedView }
  | { readonly kind: 'filters'; readonly statuses: FilterProgress[] };

/** What work that takes long is given: whether to end early, and whom to tell how far it is. */
export interface ReaderTask {
  readonly isCancelled: () => boolean;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

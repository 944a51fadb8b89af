import type { Failure, Result } from '#shared/failure.ts';
import type { Sender } from './sender.ts';

/** The variables of one row. */
export type Row = Readonly<Record<string, unknown>>;

/** A step of a send list. Times are in milliseconds. */
export interface ListStep {
  /** Names its payload in failures. */
  readonly payload: string;
  readonly enabled: boolean;
  /** Adds the framing of each socket around the message. */
  readonly frame: boolean;
  /** Before each of its messages. */
  readonly delayMs: number;
  /** How many times the payload is sent. */
  readonly count: number;
  /** The reply to wait for after each message. An empty filter: any message. */
  readonly expect?: { readonly filter: string; readonly timeoutMs: number } | undefined;
}

/** For which message of a list the values of its templates are. */
export interface ListPlace {
  readonly row: Row | undefined;
  /** The number of the message in the run of the job, from 1. */
  readonly message: number;
}

/** A send list that was read, with the state of its templates: a counter continues from step to step. */
export interface OpenedList {
  readonly steps: readonly ListStep[];
  /** How many times the list runs; may be infinite. */
  readonly loops: number;
  /** Returns the rows from the first one, and why they could not be read. `undefined`: the list runs without rows. */
  readonly rows: (() => AsyncGenerator<Row, Failure | undefined>) | undefined;
  /** A payload contains a secret of the environment. */
  readonly usesSecret?: boolean;
  /** Returns what sends the message of the step at `index`; its requests have no bytes. */
  sender(index: number, place: ListPlace): Sender;
}

/** What jobs need of the workspace. */
export interface SendLists {
  /** Reads the list at `path`, and its payloads. `rows`: the path of a file outside the workspace, instead of the list's own rows. */
  open(
    path: string,
    options: { environment?: string | undefined; rows?: string | undefined },
  ): Promise<Result<OpenedList>>;
}

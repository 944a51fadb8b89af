import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { Handlers } from '#shared/contract/serve.ts';
import type { Failure } from '#shared/failure.ts';
import type { FileGrants } from './file-grants.ts';

/** The calls a host must answer itself: only it knows how to show a dialog or hand out a file. */
export type HostCall = 'dialogs.save' | 'dialogs.open' | 'downloads.prepare' | 'places.list' | 'app.info';

/** Engine, session log and settings composed: what every host serves. */
export interface Workbench {
  readonly handlers: Omit<Handlers, HostCall>;
  /** What the page may have read and written: the host grants it. */
  readonly files: FileGrants;
  /** Calls `listener` with each event from now on; gives the function that stops that. */
  subscribe(listener: (event: WorkbenchEvent) => void): () => void;
  /** Stops every endpoint, flushes the session log and ends its workers. Gives how many records are not in its file, if any. */
  close(): Promise<Failure | undefined>;
}

export interface WorkbenchOptions {
  /** The app's data folder; made if missing. The session of this run is recorded in its `sessions` folder. */
  readonly home: string;
  /** The folder of the samples that ship with Wirebench. */
  readonly resources: string;
  /** Tells the user of something that is not as it should be, and does not keep Wirebench from running. */
  readonly warn?: (text: string) => void;
}

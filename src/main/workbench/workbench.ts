import { resolve } from 'node:path';
import envPaths from 'env-paths';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { Handlers } from '#shared/contract/serve.ts';
import type { Failure } from '#shared/failure.ts';
import type { SecretStore } from '#workspace/secrets.ts';
import type { FileGrants } from './file-grants.ts';

/** The calls that a host must answer: only it can show a dialog or hand out a file. */
export type HostCall =
  | 'dialogs.save'
  | 'dialogs.open'
  | 'documents.show'
  | 'downloads.prepare'
  | 'places.list'
  | 'app.info';

/** Engine, session log and settings together: what every host serves. */
export interface Workbench {
  readonly handlers: Omit<Handlers, HostCall>;
  /** The files that the page may read and write: the host grants access. */
  readonly files: FileGrants;
  /** Calls `listener` with each event from now on; returns a function that ends that. */
  subscribe(listener: (event: WorkbenchEvent) => void): () => void;
  /** Stops every endpoint, flushes the session log and ends its workers. Returns how many records are not in its file, if any. */
  close(): Promise<Failure | undefined>;
}

export interface WorkbenchOptions {
  /** The app's data folder; created if missing. The session of this run is recorded in its `sessions` folder. */
  readonly home: string;
  /** The folder of the samples that ship with Wirebench. */
  readonly resources: string;
  /** Returns the secrets of a workspace by its id; left out: in files of the app's folder. */
  readonly secretStore?: ((workspaceId: string) => SecretStore) | undefined;
  /** Warns the user of a problem with which Wirebench can still run. */
  readonly warn?: (text: string) => void;
}

import manifest from '../../../package.json' with { type: 'json' };

/** The version of Wirebench. */
export const version: string = manifest.version;

/**
 * Returns the folder of the app's data (sessions, settings): `WIREBENCH_HOME` if set, otherwise the platform's default.
 * An absolute path; the folder may not exist yet.
 */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.WIREBENCH_HOME;
  return chosen ? resolve(chosen) : envPaths('Wirebench', { suffix: '' }).data;
}

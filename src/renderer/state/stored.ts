import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import type { StoredSession } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import type { LiveState } from '../bridge/live-store.ts';

/** The sessions in the app's folder when last queried. */
export interface StoredState {
  readonly loaded: boolean;
  /** The newest first. */
  readonly sessions: readonly StoredSession[];
  readonly folder: string;
  /** Why they could not be listed. */
  readonly failure: Failure | undefined;
  /** Number of queries so far. */
  readonly asked: number;
}
export type StoredStore = StoreApi<StoredState>;

export function createStoredStore(): StoredStore {
  return createStore<StoredState>(() => ({ loaded: false, sessions: [], folder: '', failure: undefined, asked: 0 }));
}

/** The source and the store of the list of stored sessions. */
interface StoredSource {
  readonly client: Client;
  readonly stored: StoredStore;
}

/** Queries the stored sessions again. Of several concurrent queries, the last one counts. */
export async function refreshStored({ client, stored }: StoredSource): Promise<void> {
  const asked = stored.getState().asked + 1;
  stored.setState({ asked });
  const answer = await client.call('sessions.stored', {});
  if (asked !== stored.getState().asked) return;
  if (answer.ok) stored.setState({ loaded: true, ...answer.value, failure: undefined });
  else stored.setState({ loaded: true, failure: answer.error });
}

/** Returns a key that changes when the list may: a session is opened, closed, renamed, moved, or gets its first record. */
export function storedKey({ sessions }: Pick<LiveState, 'sessions'>): string {
  const keys = [...sessions.values()].map(({ id, name, path, total }) => [id, name, path, total > 0]);
  return JSON.stringify(keys);
}

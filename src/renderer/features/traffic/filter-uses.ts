import type { Client } from '#shared/contract/client.ts';

const uses = new WeakMap<Client, Map<string, number>>();

/** Notes that a view of this page shows `filter` of `session`. */
export function holdFilter(client: Client, session: string, filter: string): void {
  if (filter === '') return;
  const counts = uses.get(client) ?? new Map<string, number>();
  uses.set(client, counts);
  const key = `${session} ${filter}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Ends such a use; with the last one the engine stops the search and forgets what it found. */
export function releaseFilter(client: Client, session: string, filter: string): void {
  if (filter === '') return;
  const counts = uses.get(client);
  const key = `${session} ${filter}`;
  const left = (counts?.get(key) ?? 1) - 1;
  if (left > 0) {
    counts?.set(key, left);
    return;
  }
  counts?.delete(key);
  void client.call('sessions.unfilter', { session, filter });
}

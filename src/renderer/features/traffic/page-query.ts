import type { Client } from '#shared/contract/client.ts';
import { ok, type Result } from '#shared/failure.ts';

/** Which records are shown. */
export interface Shown {
  /** Those that it matches; the empty one matches every record. */
  readonly filter: string;
  /** Those of the endpoint with this id; of all, where it is undefined. */
  readonly endpoint: string | undefined;
}

export const everyRecord: Shown = { filter: '', endpoint: undefined };

export function isSameShown(one: Shown, other: Shown): boolean {
  return one.filter === other.filter && one.endpoint === other.endpoint;
}

export function isEvery(shown: Shown): boolean {
  return isSameShown(shown, everyRecord);
}

/** A query that this page has made of a session, and ends when it no longer shows it. */
export interface PageQuery {
  /** What calls refer to it by; undefined for every record. */
  readonly id: string | undefined;
  /** Bookmarks or notes decide what matches. */
  readonly usesMarks: boolean;
}

export const everyQuery: PageQuery = { id: undefined, usesMarks: false };

export async function makeQuery(client: Client, session: string, shown: Shown): Promise<Result<PageQuery>> {
  if (isEvery(shown)) return ok(everyQuery);
  const { filter, endpoint } = shown;
  return client.call('sessions.query', { session, filter, endpoint });
}

/** Ends a query: the engine stops its search and forgets what it found. */
export function endQuery(client: Client, session: string, { id }: PageQuery): void {
  if (id !== undefined) void client.call('sessions.endQuery', { session, query: id });
}

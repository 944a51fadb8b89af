import type { Client } from '#shared/contract/client.ts';
import { ok, type Result } from '#shared/failure.ts';

/** Which records are shown. */
export interface Shown {
  /** Records that match this filter; all if it is empty. */
  readonly filter: string;
  /** Records of the endpoint with this id; of all if undefined. */
  readonly endpoint: string | undefined;
}

export const everyRecord: Shown = { filter: '', endpoint: undefined };

/** Returns true if `one` and `other` show the same records. */
export function isSameShown(one: Shown, other: Shown): boolean {
  return one.filter === other.filter && one.endpoint === other.endpoint;
}

/** Returns true if all records are shown. */
export function isEvery(shown: Shown): boolean {
  return isSameShown(shown, everyRecord);
}

/** A query that this page has created for a session. */
interface PageQuery {
  /** Id for calls; undefined for all records. */
  readonly id: string | undefined;
  /** Bookmarks or notes affect which records match. */
  readonly usesMarks: boolean;
}

/** Creates a query for the records in `shown`. */
export async function makeQuery(client: Client, session: string, shown: Shown): Promise<Result<PageQuery>> {
  if (isEvery(shown)) return ok(everyQuery);
  const { filter, endpoint } = shown;
  return client.call('sessions.query', { session, filter, endpoint });
}

/** Ends a query: the engine stops its search and discards the results. */
export function endQuery(client: Client, session: string, { id }: Pick<PageQuery, 'id'>): void {
  if (id !== undefined) void client.call('sessions.endQuery', { session, query: id });
}

const everyQuery: PageQuery = { id: undefined, usesMarks: false };

/** The query of the rows that a view shows, and the next one, whose first rows are being fetched. Ends unused queries. */
export class ViewQueries {
  readonly #client: Client;
  readonly #session: string;
  #current = everyQuery;
  #isLost = false;
  #next: PageQuery | undefined;

  constructor(client: Client, session: string) {
    this.#client = client;
    this.#session = session;
  }

  get current(): PageQuery {
    return this.#current;
  }

  /** The query whose first rows are being fetched; the current one if its rows are fetched again. */
  get coming(): PageQuery {
    return this.#next ?? this.#current;
  }

  /** The engine has ended the current query, as it does when the connection to the page is lost. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Notes that the engine has ended the queries of this page. */
  lose(): void {
    this.#isLost = this.#current.id !== undefined;
  }

  /** Creates the next query. */
  async makeNext(shown: Shown): Promise<Result<PageQuery>> {
    const created = await makeQuery(this.#client, this.#session, shown);
    if (created.ok) this.#next = created.value;
    return created;
  }

  /** Ends the next query, because it will not be shown. */
  dropNext(): void {
    if (this.#next) endQuery(this.#client, this.#session, this.#next);
    this.#next = undefined;
  }

  /** Makes the next query the current one, because its rows are shown now. */
  adoptNext(): void {
    if (this.#next === undefined) return;
    endQuery(this.#client, this.#session, this.#current);
    this.#current = this.#next;
    this.#isLost = false;
    this.#next = undefined;
  }

  /** Ends the current query. */
  end(): void {
    endQuery(this.#client, this.#session, this.#current);
    this.#current = everyQuery;
  }
}

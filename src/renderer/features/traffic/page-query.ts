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

/** A query that this page has made of a session. */
interface PageQuery {
  /** What calls refer to it by; undefined for every record. */
  readonly id: string | undefined;
  /** Bookmarks or notes decide what matches. */
  readonly usesMarks: boolean;
}

export async function makeQuery(client: Client, session: string, shown: Shown): Promise<Result<PageQuery>> {
  if (isEvery(shown)) return ok(everyQuery);
  const { filter, endpoint } = shown;
  return client.call('sessions.query', { session, filter, endpoint });
}

/** Ends a query: the engine stops its search and forgets what it found. */
export function endQuery(client: Client, session: string, { id }: Pick<PageQuery, 'id'>): void {
  if (id !== undefined) void client.call('sessions.endQuery', { session, query: id });
}

const everyQuery: PageQuery = { id: undefined, usesMarks: false };

/** The query of the rows that a view shows, and the one whose first rows are on their way. Ends those it is done with. */
export class ViewQueries {
  readonly #client: Client;
  readonly #session: string;
  #current = everyQuery;
  #next: PageQuery | undefined;

  constructor(client: Client, session: string) {
    this.#client = client;
    this.#session = session;
  }

  get current(): PageQuery {
    return this.#current;
  }

  /** The one whose first rows are on their way: the current one, where it is to be shown again. */
  get coming(): PageQuery {
    return this.#next ?? this.#current;
  }

  async makeNext(shown: Shown): Promise<Result<PageQuery>> {
    const made = await makeQuery(this.#client, this.#session, shown);
    if (made.ok) this.#next = made.value;
    return made;
  }

  /** The next one is not shown after all. */
  dropNext(): void {
    if (this.#next) endQuery(this.#client, this.#session, this.#next);
    this.#next = undefined;
  }

  /** The rows of the next one are shown from here on. */
  adoptNext(): void {
    if (this.#next === undefined) return;
    endQuery(this.#client, this.#session, this.#current);
    this.#current = this.#next;
    this.#next = undefined;
  }

  end(): void {
    endQuery(this.#client, this.#session, this.#current);
    this.#current = everyQuery;
  }
}

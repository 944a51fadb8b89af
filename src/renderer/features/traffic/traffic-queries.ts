import type { Client } from '#shared/contract/client.ts';
import type { CallOutput } from '#shared/contract/contract.ts';
import { ok, type Result } from '#shared/failure.ts';
import type { Timing } from './traffic-pace.ts';

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
  async #makeNext(shown: Shown): Promise<Result<PageQuery>> {
    const created = await makeQuery(this.#client, this.#session, shown);
    if (created.ok) this.#next = created.value;
    return created;
  }

  /** Fetches the first rows of the records in `shown`, for which it creates a query unless their rows `areShown`. */
  async begin(
    shown: Shown,
    areShown: boolean,
    request: Omit<FirstPageRequest, 'session' | 'query'>,
    timing: Timing,
  ): Promise<Result<FirstPage>> {
    if (this.isLost || !areShown) {
      const created = await this.#makeNext(shown);
      if (!created.ok) return created;
    }
    const query = this.coming.id;
    return fetchFirstPage(this.#client, { session: this.#session, query, ...request }, timing.later);
  }

  /** Returns the time of the first record, if there is one. */
  async startAt(): Promise<number | undefined> {
    const start = await this.#client.call('sessions.window', { session: this.#session, first: 0, count: 1 });
    return start.ok ? start.value.rows[0]?.at : undefined;
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

export type Page = CallOutput<'sessions.window'>;
/** The number of a record, and its index among the records that match. */
export interface RowPosition {
  readonly seq: number;
  readonly index: number;
}

export interface FirstPageRequest {
  readonly session: string;
  /** Id of the query; undefined for all records. */
  readonly query: string | undefined;
  /** The record to keep visible, `offset` rows below the first fetched row. */
  readonly anchor: { readonly seq: number; readonly offset: number } | undefined;
  /** Without an anchor: fetch the last rows instead of the first. */
  readonly atEnd: boolean;
  readonly count: number;
  /** Id to cancel the search for the anchor. */
  readonly job: string;
}

export interface FirstPage {
  readonly page: Page;
  /** Index of the page's first row. */
  readonly first: number;
  /** Position of the anchor or of the next match. Undefined until a long search has reached it: then `late` resolves. */
  readonly position: RowPosition | undefined;
  readonly late: Promise<RowPosition | undefined> | undefined;
}

/** If locating the anchor takes longer, the first matches are shown until it is found. */
const patienceMs = 150;

/** Finds the first match from record `seq` or from time `at` on; the last match if none follows. */
export async function findPosition(
  client: Client,
  request: {
    readonly session: string;
    readonly query: string | undefined;
    readonly seq?: number;
    readonly at?: number;
    readonly job?: string;
  },
): Promise<Result<RowPosition | undefined>> {
  const { session, query, seq, at, job } = request;
  if (query === undefined && seq !== undefined) return ok({ seq, index: seq });
  const located = await client.call('sessions.locate', { session, query, seq, at, job });
  return located.ok ? ok(located.value.found ?? undefined) : located;
}

/** Fetches the rows to show after a change of filter: those around `anchor`, the first, or the last ones. */
async function fetchFirstPage(
  client: Client,
  request: FirstPageRequest,
  later: (run: () => void, ms: number) => void,
): Promise<Result<FirstPage>> {
  const { session, query, anchor, atEnd, count, job } = request;
  const window = (first: number) => client.call('sessions.window', { session, query, first, count });
  const locating = anchor
    ? findPosition(client, { session, query, seq: anchor.seq, job }).then((found) =>
        found.ok ? found.value : undefined,
      )
    : undefined;
  const patience = new Promise<'late'>((resolve) => later(() => resolve('late'), patienceMs));
  const early = locating ? await Promise.race([locating, patience]) : undefined;
  const position = early === 'late' ? undefined : early;
  let first = position && anchor ? Math.max(0, position.index - anchor.offset) : 0;
  let answer = await window(first);
  if (!answer.ok) return answer;
  const { matched, scanned, total } = answer.value;
  if (!anchor && atEnd && scanned >= total && matched > count) {
    first = matched - count;
    answer = await window(first);
    if (!answer.ok) return answer;
  }
  return ok({ page: answer.value, first, position, late: early === 'late' ? locating : undefined });
}

import type { Client } from '#shared/contract/client.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { QueryStatus } from '#shared/contract/models.ts';
import type { Result } from '#shared/failure.ts';
import { type FirstPage, type FirstPageRequest, fetchFirstPage, findPosition, type RowPosition } from './first-page.ts';
import { Pace, realTiming, type Timing } from './pace.ts';
import { everyRecord, isEvery, isSameShown, type Shown, ViewQueries } from './page-query.ts';
import {
  fetchedPage,
  firstPageRequest,
  firstPageShown,
  isAtEnd,
  markedRows,
  missingRows,
  positionFound,
  positionSelected,
  wantedRows,
} from './traffic-changes.ts';
import { TrafficScroll } from './traffic-scroll.ts';
import type { TrafficState } from './traffic-state.ts';

/**
 * The rows of one session in a traffic table. It receives the number of records or matches, and fetches the visible rows.
 * Only one fetch runs at a time, for the latest state, so that the cost does not grow with the traffic.
 */
export class TrafficView extends TrafficScroll {
  readonly session: string;
  readonly #client: Client;
  readonly #timing: Timing;
  readonly #pace: Pace;
  readonly #stopEvents: () => void;
  #isShown = false;
  #isFetching = false;
  #isStalled = false;
  #isRecorded = true;
  /** The records to show next; those in the store are shown now. */
  #wantedShown: Shown = everyRecord;
  readonly #queries: ViewQueries;
  #isStale = false;
  /** The last status of the next query before its first rows arrived: it may be the final one. */
  #earlyStatus: QueryStatus | undefined;
  /** Incremented when the filter changes: answers to earlier queries are discarded. */
  #generation = 0;
  /** Id of the search for the record that was visible before the filter changed. */
  #locating: string | undefined;

  constructor(client: Client, session: string, timing: Timing = realTiming) {
    super();
    this.#client = client;
    this.session = session;
    this.#timing = timing;
    this.#pace = new Pace(timing);
    this.#queries = new ViewQueries(client, session);
    this.#stopEvents = client.subscribe((event) => this.#onEvent(event));
  }

  /** Stops all queries, and releases the filter in the engine. */
  dispose(): void {
    this.#invalidate();
    this.#isShown = false;
    this.#stopEvents();
    this.#queries.end();
  }

  /** Id of the query whose rows are shown; undefined for all records. */
  get query(): string | undefined {
    return this.#queries.current.id;
  }

  /** Fetches rows only while the table is shown. */
  setShown(shown: boolean): void {
    this.#isShown = shown;
    if (shown) this.pump();
  }

  /** Creates the query again: the engine has ended those of this page when the connection was lost. */
  renew(): void {
    this.#queries.lose();
    if (!this.#queries.isLost) return;
    this.#isStale = true;
    this.#invalidate();
    this.pump();
  }

  /** Sets the number of records of the session. `isRecorded`: more may follow. */
  setTotal(total: number, isRecorded = true): void {
    this.#isRecorded = isRecorded;
    const state = this.store.getState();
    if (total === state.total) return;
    this.#isStalled = false;
    // A stored session opens at its first record; a session that is being recorded follows its end.
    this.set(state.total === 0 && !isRecorded ? { total, follow: false } : { total });
    if (isEvery(state.shown)) {
      this.search.known = total;
      if (!this.store.getState().follow) this.set({ count: total, seen: isRecorded ? state.seen : total });
    }
    this.pump();
  }

  /**
   * Shows the records that match `filter` (all if it is empty), of one endpoint if its id is given. Visible records that
   * match stay visible.
   */
  setFilter(filter: string, endpoint?: string): void {
    const shown = { filter, endpoint };
    if (isSameShown(shown, this.#wantedShown)) return;
    this.#wantedShown = shown;
    this.#invalidate();
    this.pump();
  }

  /** Selects record `seq` or the next match, and returns its position; `undefined` if there is no match. */
  selectRecord(seq: number): Promise<RowPosition | undefined> {
    return this.#selectPosition({ seq });
  }

  /** Selects the first record from time `at` on (milliseconds since the epoch), or the last one. */
  selectTime(at: number): Promise<RowPosition | undefined> {
    return this.#selectPosition({ at });
  }

  async #selectPosition(wanted: { readonly seq: number } | { readonly at: number }): Promise<RowPosition | undefined> {
    const generation = this.#generation;
    const answer = await findPosition(this.#client, { session: this.session, query: this.query, ...wanted });
    if (!answer.ok) this.set({ failure: answer.error });
    const position = answer.ok ? answer.value : undefined;
    // The filter has changed, and with it all positions.
    if (position && generation !== this.#generation) return this.#selectPosition(wanted);
    if (!position) return undefined;
    this.search.include(position.index);
    this.stopFollowing();
    this.set(positionSelected(this.store.getState(), position));
    this.pump();
    return position;
  }

  /** Discards the answers to the queries that are in progress. */
  #invalidate(): void {
    this.#generation += 1;
    if (this.#locating !== undefined) void this.#client.call('jobs.cancel', { job: this.#locating });
    this.#locating = undefined;
  }

  #onEvent(event: WorkbenchEvent): void {
    if (event.kind === 'queries') {
      const statusOf = (query: string | undefined) =>
        event.changed.find((one) => one.session === this.session && one.query === query);
      if (this.store.getState().switching) this.#earlyStatus = statusOf(this.#queries.coming.id) ?? this.#earlyStatus;
      const status = statusOf(this.query);
      if (status) this.#applyStatus(status);
    }
    if (event.kind === 'marks' && event.session === this.session) {
      const rows = markedRows(this.store.getState().rows, event.changed);
      if (rows) this.set({ rows });
      if (!this.#queries.current.usesMarks) return;
      this.#isStale = true;
      this.#invalidate();
      this.pump();
    }
  }

  /** Applies the status that arrived before the first rows, if it is newer than they are. */
  #applyEarlyStatus(scanned: number): void {
    const early = this.#earlyStatus;
    if (early && early.query === this.query && early.scanned > scanned) this.#applyStatus(early);
  }

  /** Applies a search status. Fewer matches mean that the search restarted or a mark was removed: fetched rows are invalid. */
  #applyStatus(status: Pick<QueryStatus, 'matched' | 'scanned' | 'total'>): void {
    this.#isStalled = false;
    const state = this.store.getState();
    if (this.search.update(status, this.#timing.now())) {
      this.#isStale = true;
      this.#invalidate();
    }
    const { matched, scanned, total } = status;
    const searching = !isEvery(state.shown) && this.search.isSearching(status);
    const change = { scanned, total: Math.max(total, state.total), searching };
    this.set(isAtEnd(state) ? change : { ...change, count: matched });
    this.pump();
  }

  #missing(state: TrafficState, { first, end }: { first: number; end: number }) {
    const missing = missingRows(state.rows, first, end);
    if (missing || isEvery(state.shown)) return missing;
    return this.search.needsRefresh(state, this.#timing.now()) ? { first, count: 0 } : undefined;
  }

  protected override pump(): void {
    const state = this.store.getState();
    if (!this.#isShown || this.#isFetching || state.viewport === 0) return;
    const isOther = !isSameShown(this.#wantedShown, state.shown) || this.#isStale;
    const wanted = wantedRows(state, this.search.known);
    const missing = this.#missing(state, wanted);
    if (!isOther && !missing) {
      const { count, top } = wanted;
      if (state.follow && (state.top !== top || state.count !== count)) this.set({ top, count });
      return;
    }
    if (!isOther && this.#isStalled) return;
    if (!this.#pace.isTime(() => this.pump())) return;
    if (isOther) void this.#switch();
    else if (missing) void this.#fetch(missing);
  }

  async #fetch(range: { first: number; count: number }): Promise<void> {
    const { shown, total } = this.store.getState();
    const generation = this.#generation;
    this.search.ask(total);
    const input = { session: this.session, query: this.query, ...range };
    const [answer, startAt] = await this.#ask(() => this.#client.call('sessions.window', input));
    // The filter has changed: these are rows of the previous one.
    if (generation !== this.#generation) return this.pump();
    if (!answer.ok) {
      // Retried after the next status; retrying immediately would loop.
      this.#isStalled = true;
      this.set({ failure: answer.error });
      return;
    }
    if (!isEvery(shown)) this.#applyStatus(answer.value);
    if (generation !== this.#generation) return this.pump();
    this.#isStalled = range.count > 0 && answer.value.rows.length === 0;
    this.set(fetchedPage(this.store.getState(), range.first, answer.value, { known: this.search.known, startAt }));
    this.pump();
  }

  /** Runs one query at a time. The first one also fetches the time of the first record. */
  async #ask<T>(query: () => Promise<T>): Promise<[T, number | undefined]> {
    this.#isFetching = true;
    this.#pace.begin();
    const { session } = this;
    const [answer, start] = await Promise.all([
      query(),
      this.store.getState().startAt === undefined
        ? this.#client.call('sessions.window', { session, first: 0, count: 1 })
        : undefined,
    ]);
    this.#isFetching = false;
    return [answer, start?.ok ? start.value.rows[0]?.at : undefined];
  }

  /** Creates the query of the wanted records, unless its rows are shown already, and fetches its first rows. */
  async #begin(shown: Shown, request: Omit<FirstPageRequest, 'session' | 'query'>): Promise<Result<FirstPage>> {
    if (this.#queries.isLost || !isSameShown(shown, this.store.getState().shown)) {
      const created = await this.#queries.makeNext(shown);
      if (!created.ok) return created;
    }
    const query = this.#queries.coming.id;
    return fetchFirstPage(this.#client, { session: this.session, query, ...request }, (done, ms) =>
      this.#timing.later(done, ms),
    );
  }

  /** Replaces all rows with those of the wanted records. */
  async #switch(): Promise<void> {
    const shown = this.#wantedShown;
    this.#isStale = false;
    this.#earlyStatus = undefined;
    const generation = this.#generation;
    const moves = this.moves;
    const job = crypto.randomUUID();
    const before = this.store.getState();
    this.set({ switching: true });
    const { follow, offset, ...request } = firstPageRequest(before, { shown, isRecorded: this.#isRecorded });
    const [answer, startAt] = await this.#ask(() => this.#begin(shown, { job, ...request }));
    if (generation !== this.#generation) {
      this.#queries.dropNext();
      if (isSameShown(this.#wantedShown, before.shown)) this.set({ switching: false });
      return this.pump();
    }
    if (!answer.ok) {
      this.#queries.dropNext();
      this.#wantedShown = before.shown;
      this.set({ switching: false, failure: answer.error });
      return;
    }
    this.#queries.adoptNext();
    const { page, late } = answer.value;
    this.search.begin(page, this.#timing.now());
    this.#isStalled = false;
    this.set(firstPageShown(this.store.getState(), answer.value, { shown, follow, offset, startAt }));
    this.#applyEarlyStatus(page.scanned);
    this.pump();
    if (late) this.#locating = job;
    const position = await late;
    if (!position || generation !== this.#generation || moves !== this.moves) return;
    this.search.include(position.index);
    this.set(positionFound(this.store.getState(), position, offset, this.search.known));
    this.pump();
  }
}

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { QueryStatus } from '#shared/contract/models.ts';
import { Pace, realTiming, SearchProgress, type Timing } from './traffic-pace.ts';
import {
  everyRecord,
  findPosition,
  isEvery,
  isSameShown,
  type RowPosition,
  type Shown,
  ViewQueries,
} from './traffic-queries.ts';
import { firstPageRequest, reduce, type TrafficEvent } from './traffic-reducer.ts';
import { emptyTraffic, markedRows, missingRows, type TrafficState, wantedRows } from './traffic-state.ts';

/**
 * The effects of a traffic table: receives the number of records or matches, and fetches the visible rows. Only one fetch runs
 * at a time, for the latest state, so that the cost does not grow with the traffic.
 */
export class TrafficEffects {
  readonly session: string;
  readonly store: StoreApi<TrafficState> = createStore<TrafficState>(() => emptyTraffic);
  readonly #search = new SearchProgress();
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
    this.#invalidate(true);
    this.pump();
  }

  /** Sets the number of records of the session. `isRecorded`: more may follow. */
  setTotal(total: number, isRecorded: boolean): void {
    this.#isRecorded = isRecorded;
    if (total === this.store.getState().total) return;
    this.#isStalled = false;
    this.dispatch({ kind: 'total-changed', total, isRecorded });
    this.pump();
  }

  /** Shows other records. Visible ones that match stay visible. */
  setFilter(shown: Shown): void {
    if (isSameShown(shown, this.#wantedShown)) return;
    this.#wantedShown = shown;
    this.#invalidate();
    this.pump();
  }

  /** Finds record `seq`, or the first record from time `at` on, among those shown. */
  async locate(wanted: { readonly seq: number } | { readonly at: number }): Promise<RowPosition | undefined> {
    await this.#wantedRecordsShown();
    const generation = this.#generation;
    const answer = await findPosition(this.#client, { session: this.session, query: this.query, ...wanted });
    if (!answer.ok) this.dispatch({ kind: 'failed', failure: answer.error });
    const position = answer.ok ? answer.value : undefined;
    // The filter has changed, and with it all positions.
    return position && generation !== this.#generation ? this.locate(wanted) : position;
  }

  /** Resolves when the wanted records are shown: until then the position of a record is that among others. */
  async #wantedRecordsShown(): Promise<void> {
    for (;;) {
      const { shown, switching, viewport } = this.store.getState();
      const isComing = this.#isShown && viewport > 0 && !isSameShown(this.#wantedShown, shown);
      if (!isComing && !switching) return;
      await new Promise<void>((resolve) => {
        const stop = this.store.subscribe(() => {
          stop();
          resolve();
        });
      });
    }
  }

  /** Changes the state. */
  dispatch(event: TrafficEvent): void {
    this.store.setState((state) => reduce(state, event));
  }

  /** Discards the answers to the queries that are in progress and, if `rows`, those that were fetched. */
  #invalidate(rows = false): void {
    if (rows) this.#isStale = true;
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
      if (rows) this.dispatch({ kind: 'rows-marked', rows });
      if (!this.#queries.current.usesMarks) return;
      this.#invalidate(true);
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
    this.#search.heard(this.#timing.now());
    if (status.matched < state.known) this.#invalidate(true);
    const searching = !isEvery(state.shown) && this.#search.isSearching(status);
    this.dispatch({ kind: 'searched', status, searching });
    this.pump();
  }

  #missing(state: TrafficState, { first, end }: { first: number; end: number }) {
    const missing = missingRows(state.rows, first, end);
    if (missing || isEvery(state.shown)) return missing;
    return this.#search.needsRefresh(state, this.#timing.now()) ? { first, count: 0 } : undefined;
  }

  /** Fetches the visible rows that are missing. */
  pump(): void {
    const state = this.store.getState();
    if (!this.#isShown || this.#isFetching || state.viewport === 0) return;
    const isOther = !isSameShown(this.#wantedShown, state.shown) || this.#isStale;
    const wanted = wantedRows(state);
    const missing = this.#missing(state, wanted);
    if (!isOther && !missing) {
      const { count, top } = wanted;
      if (state.follow && (state.top !== top || state.count !== count)) {
        this.dispatch({ kind: 'end-reached', count, top });
      }
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
    this.#search.ask(total);
    const input = { session: this.session, query: this.query, ...range };
    const [answer, startAt] = await this.#ask(() => this.#client.call('sessions.window', input));
    // The filter has changed: these are rows of the previous one.
    if (generation !== this.#generation) return this.pump();
    if (!answer.ok) {
      // Retried after the next status; retrying immediately would loop.
      this.#isStalled = true;
      this.dispatch({ kind: 'failed', failure: answer.error });
      return;
    }
    if (!isEvery(shown)) this.#applyStatus(answer.value);
    if (generation !== this.#generation) return this.pump();
    this.#isStalled = range.count > 0 && answer.value.rows.length === 0;
    this.dispatch({ kind: 'rows-fetched', first: range.first, page: answer.value, startAt });
    this.pump();
  }

  /** Runs one query at a time. The first one also fetches the time of the first record. */
  async #ask<T>(query: () => Promise<T>): Promise<[T, number | undefined]> {
    this.#isFetching = true;
    this.#pace.begin();
    const isStartKnown = this.store.getState().startAt !== undefined;
    const answers = await Promise.all([query(), isStartKnown ? undefined : this.#queries.startAt()]);
    this.#isFetching = false;
    return answers;
  }

  /** Replaces all rows with those of the wanted records. */
  async #switch(): Promise<void> {
    const shown = this.#wantedShown;
    this.#isStale = false;
    this.#earlyStatus = undefined;
    const generation = this.#generation;
    const job = crypto.randomUUID();
    const before = this.store.getState();
    this.dispatch({ kind: 'switching', switching: true });
    const { follow, offset, ...request } = firstPageRequest(before, { shown, isRecorded: this.#isRecorded });
    const [answer, startAt] = await this.#ask(() =>
      this.#queries.begin(shown, isSameShown(shown, before.shown), { job, ...request }, this.#timing),
    );
    if (generation !== this.#generation) {
      this.#queries.dropNext();
      if (isSameShown(this.#wantedShown, before.shown)) this.dispatch({ kind: 'switching', switching: false });
      return this.pump();
    }
    if (!answer.ok) {
      this.#queries.dropNext();
      this.#wantedShown = before.shown;
      this.dispatch({ kind: 'switching', switching: false });
      this.dispatch({ kind: 'failed', failure: answer.error });
      return;
    }
    this.#queries.adoptNext();
    const { page, late } = answer.value;
    this.#search.begin(page, this.#timing.now());
    this.#isStalled = false;
    this.dispatch({ kind: 'switched', answer: answer.value, request: { shown, follow, offset, startAt } });
    this.#applyEarlyStatus(page.scanned);
    this.pump();
    if (late) this.#locating = job;
    const position = await late;
    if (!position || generation !== this.#generation || this.store.getState().moves !== before.moves) return;
    this.dispatch({ kind: 'position-found', position, offset });
    this.pump();
  }
}

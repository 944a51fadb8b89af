import type { Client } from '#shared/contract/client.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { QueryStatus } from '#shared/contract/models.ts';
import type { Result } from '#shared/failure.ts';
import { type FirstPage, type FirstPageWish, fetchFirstPage, type Place, placeOf } from './first-page.ts';
import { Pace, realTiming, type Timing } from './pace.ts';
import { everyRecord, isEvery, isSameShown, type Shown, ViewQueries } from './page-query.ts';
import {
  fetchedPage,
  firstPageShown,
  firstPageWish,
  isAtEnd,
  markedRows,
  missingRows,
  placeChosen,
  placeReached,
  wantedRows,
} from './traffic-changes.ts';
import { TrafficScroll } from './traffic-scroll.ts';
import type { TrafficState } from './traffic-state.ts';

/**
 * What a traffic table shows of one session: it is told how many records there are, or match its filter, and fetches
 * those in sight. One fetch is under way at a time, the latest wish wins, so that the cost does not grow with the traffic.
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
  /** The records that are wanted; those of the store are shown. */
  #wish: Shown = everyRecord;
  readonly #queries: ViewQueries;
  #isStale = false;
  /** What the engine reported of the next query before its first rows were here: it may have nothing more to report. */
  #early: QueryStatus | undefined;
  /** Grows with each change of filter: answers to questions of an earlier one are of no use. */
  #run = 0;
  /** The task that looks for what was in sight before the filter changed. */
  #locating: string | undefined;

  constructor(client: Client, session: string, timing: Timing = realTiming) {
    super();
    this.#client = client;
    this.session = session;
    this.#timing = timing;
    this.#pace = new Pace(timing);
    this.#queries = new ViewQueries(client, session);
    this.#stopEvents = client.subscribe((event) => this.#hear(event));
  }

  /** Ends it: the engine need not search any more for what it shows. */
  dispose(): void {
    this.#beginAnew();
    this.#isShown = false;
    this.#stopEvents();
    this.#queries.end();
  }

  /** The handle of the query whose rows are shown; undefined: every record. */
  get query(): string | undefined {
    return this.#queries.current.id;
  }

  /** Fetches only while it is shown. */
  setShown(shown: boolean): void {
    this.#isShown = shown;
    if (shown) this.pump();
  }

  /** Records that the session has; `isRecorded` where more may come. */
  setTotal(total: number, isRecorded = true): void {
    this.#isRecorded = isRecorded;
    const state = this.store.getState();
    if (total === state.total) return;
    this.#isStalled = false;
    // A session that is only read opens at its first record; one that is recorded follows its end.
    this.set(state.total === 0 && !isRecorded ? { total, follow: false } : { total });
    if (isEvery(state.shown)) {
      this.search.known = total;
      if (!this.store.getState().follow) this.set({ count: total, seen: isRecorded ? state.seen : total });
    }
    this.pump();
  }

  /**
   * Shows the records that match `filter`, all with an empty one, of one endpoint where its id is given. What was in sight
   * stays, as far as it matches.
   */
  setFilter(filter: string, endpoint?: string): void {
    const wish = { filter, endpoint };
    if (isSameShown(wish, this.#wish)) return;
    this.#wish = wish;
    this.#beginAnew();
    this.pump();
  }

  /** Chooses the record `seq`, or the match that follows it; gives where it went, `undefined` where nothing matches. */
  selectRecord(seq: number): Promise<Place | undefined> {
    return this.#selectPlace({ seq });
  }

  /** Chooses the first record from a time on (milliseconds since the epoch), or the last one. */
  selectTime(at: number): Promise<Place | undefined> {
    return this.#selectPlace({ at });
  }

  async #selectPlace(wanted: { readonly seq: number } | { readonly at: number }): Promise<Place | undefined> {
    const run = this.#run;
    const answer = await placeOf(this.#client, { session: this.session, query: this.query, ...wanted });
    if (!answer.ok) this.set({ failure: answer.error });
    const place = answer.ok ? answer.value : undefined;
    // The filter has changed meanwhile: places are others now.
    if (place && run !== this.#run) return this.#selectPlace(wanted);
    if (!place) return undefined;
    this.search.reach(place.index);
    this.stopFollowing();
    this.set(placeChosen(this.store.getState(), place));
    this.pump();
    return place;
  }

  /** What is under way is of no use any more. */
  #beginAnew(): void {
    this.#run += 1;
    if (this.#locating !== undefined) void this.#client.call('tasks.cancel', { task: this.#locating });
    this.#locating = undefined;
  }

  #hear(event: WorkbenchEvent): void {
    if (event.kind === 'queries') {
      const statusOf = (query: string | undefined) =>
        event.changed.find((one) => one.session === this.session && one.query === query);
      if (this.store.getState().switching) this.#early = statusOf(this.#queries.coming.id) ?? this.#early;
      const status = statusOf(this.query);
      if (status) this.#take(status);
    }
    if (event.kind === 'marks' && event.session === this.session) {
      const rows = markedRows(this.store.getState().rows, event.changed);
      if (rows) this.set({ rows });
      if (!this.#queries.current.usesMarks) return;
      this.#isStale = true;
      this.#beginAnew();
      this.pump();
    }
  }

  /** Takes what was reported while the first rows were on their way, where that is more than they say. */
  #takeEarly(scanned: number): void {
    const early = this.#early;
    if (early && early.query === this.query && early.scanned > scanned) this.#take(early);
  }

  /** News of the search. Fewer matches than before: it began anew, or a mark is gone; nothing that was fetched is sure. */
  #take(status: Pick<QueryStatus, 'matched' | 'scanned' | 'total'>): void {
    this.#isStalled = false;
    const state = this.store.getState();
    if (this.search.take(status, this.#timing.now())) {
      this.#isStale = true;
      this.#beginAnew();
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
    return this.search.isBehind(state, this.#timing.now()) ? { first, count: 0 } : undefined;
  }

  protected override pump(): void {
    const state = this.store.getState();
    if (!this.#isShown || this.#isFetching || state.viewport === 0) return;
    const isOther = !isSameShown(this.#wish, state.shown) || this.#isStale;
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
    const run = this.#run;
    this.search.ask(total);
    const input = { session: this.session, query: this.query, ...range };
    const [answer, startAt] = await this.#ask(() => this.#client.call('sessions.window', input));
    // The filter has changed meanwhile: these are the rows of another one.
    if (run !== this.#run) return this.pump();
    if (!answer.ok) {
      // Tried again with the next news; asking in a loop would not make it better.
      this.#isStalled = true;
      this.set({ failure: answer.error });
      return;
    }
    if (!isEvery(shown)) this.#take(answer.value);
    if (run !== this.#run) return this.pump();
    this.#isStalled = range.count > 0 && answer.value.rows.length === 0;
    this.set(fetchedPage(this.store.getState(), range.first, answer.value, { known: this.search.known, startAt }));
    this.pump();
  }

  /** One question at a time, and with the first one when the session began. */
  async #ask<T>(question: () => Promise<T>): Promise<[T, number | undefined]> {
    this.#isFetching = true;
    this.#pace.begin();
    const { session } = this;
    const [answer, start] = await Promise.all([
      question(),
      this.store.getState().startAt === undefined
        ? this.#client.call('sessions.window', { session, first: 0, count: 1 })
        : undefined,
    ]);
    this.#isFetching = false;
    return [answer, start?.ok ? start.value.rows[0]?.at : undefined];
  }

  /** Makes the query of the wanted records, where it is not the one whose rows are shown, and fetches its first rows. */
  async #begin(shown: Shown, wish: Omit<FirstPageWish, 'session' | 'query'>): Promise<Result<FirstPage>> {
    if (!isSameShown(shown, this.store.getState().shown)) {
      const made = await this.#queries.makeNext(shown);
      if (!made.ok) return made;
    }
    const query = this.#queries.coming.id;
    return fetchFirstPage(this.#client, { session: this.session, query, ...wish }, (done, ms) =>
      this.#timing.later(done, ms),
    );
  }

  /** Puts the rows of the wanted records in place of those that are shown, all at once. */
  async #switch(): Promise<void> {
    const shown = this.#wish;
    this.#isStale = false;
    this.#early = undefined;
    const run = this.#run;
    const moves = this.moves;
    const task = crypto.randomUUID();
    const before = this.store.getState();
    this.set({ switching: true });
    const { follow, offset, ...wish } = firstPageWish(before, { shown, isRecorded: this.#isRecorded });
    const [answer, startAt] = await this.#ask(() => this.#begin(shown, { task, ...wish }));
    if (run !== this.#run) {
      this.#queries.dropNext();
      if (isSameShown(this.#wish, before.shown)) this.set({ switching: false });
      return this.pump();
    }
    if (!answer.ok) {
      this.#queries.dropNext();
      this.#wish = before.shown;
      this.set({ switching: false, failure: answer.error });
      return;
    }
    this.#queries.adoptNext();
    const { page, late } = answer.value;
    this.search.begin(page, this.#timing.now());
    this.#isStalled = false;
    this.set(firstPageShown(this.store.getState(), answer.value, { shown, follow, offset, startAt }));
    this.#takeEarly(page.scanned);
    this.pump();
    if (late) this.#locating = task;
    const place = await late;
    if (!place || run !== this.#run || moves !== this.moves) return;
    this.search.reach(place.index);
    this.set(placeReached(this.store.getState(), place, offset, this.search.known));
    this.pump();
  }
}

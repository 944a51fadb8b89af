import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import { maxWindowRows } from '#shared/contract/limits.ts';
import { endJob, putJob, showDone, showFailure } from '../../state/notices.ts';
import type { Services } from '../../state/services.ts';
import { strings } from './strings.ts';
import { endQuery, makeQuery, type Shown } from './traffic-queries.ts';
import type { TrafficView } from './traffic-view.ts';

export interface FoundState {
  /** Numbers of the matching records among the fetched rows. */
  readonly found: ReadonlySet<number>;
  readonly matched: number;
  /** Records that have been searched, of `total`. */
  readonly scanned: number;
  readonly total: number;
}

export const nothingFound: FoundState = { found: new Set(), matched: 0, scanned: 0, total: 0 };
/** Minimum time between two queries for the matching rows. */
const pauseMs = 150;

/**
 * The matches of a search that leaves other records visible. The engine searches; the page gets the matches among the
 * rows of its view, and their total number.
 */
export class FoundMarks {
  readonly store: StoreApi<FoundState> = createStore<FoundState>(() => nothingFound);
  readonly #client: Client;
  readonly #view: TrafficView;
  readonly #sought: Shown;
  /** Undefined until the engine has created it. */
  #query: { readonly id: string | undefined } | undefined;
  readonly #stops: (() => void)[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAsking = false;
  #isEnded = false;
  readonly #job = crypto.randomUUID();

  constructor(client: Client, view: TrafficView, sought: Shown) {
    this.#client = client;
    this.#view = view;
    this.#sought = sought;
    this.#stops = [
      view.store.subscribe((state, before) => {
        if (state.rows !== before.rows || state.total !== before.total) this.#askSoon();
      }),
      client.subscribe((event) => {
        if (event.kind !== 'queries') return;
        const id = this.#query?.id;
        const status = event.changed.find((one) => one.session === view.session && one.query === id);
        if (status) this.#count(status);
      }),
    ];
    void this.#begin();
  }

  dispose(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    if (this.#isAsking) void this.#client.call('jobs.cancel', { job: this.#job });
    for (const stop of this.#stops) stop();
    if (this.#query) endQuery(this.#client, this.#view.session, this.#query);
  }

  async #begin(): Promise<void> {
    const created = await makeQuery(this.#client, this.#view.session, this.#sought);
    if (!created.ok) return;
    if (this.#isEnded) {
      endQuery(this.#client, this.#view.session, created.value);
      return;
    }
    this.#query = created.value;
    await this.#ask();
  }

  /** Creates the query again: the engine has ended those of this page when the connection was lost. */
  async #beginAgain(ended: string | undefined): Promise<void> {
    if (ended === undefined || this.#query?.id !== ended) return;
    this.#query = undefined;
    await this.#begin();
  }

  #count({ matched, scanned, total }: { matched: number; scanned: number; total: number }): void {
    const before = this.store.getState();
    this.store.setState({ matched, scanned, total });
    if (before.matched !== matched) this.#askSoon();
  }

  #askSoon(): void {
    if (this.#isEnded) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#isAsking) this.#askSoon();
      else void this.#ask();
    }, pauseMs);
  }

  async #ask(): Promise<void> {
    if (this.#query === undefined) return;
    let first = Number.POSITIVE_INFINITY;
    let last = -1;
    for (const { seq } of this.#view.store.getState().rows.values()) {
      first = Math.min(first, seq);
      last = Math.max(last, seq);
    }
    const session = this.#view.session;
    const query = this.#query.id;
    this.#isAsking = true;
    const place =
      last < 0 ? undefined : await this.#client.call('sessions.locate', { session, query, seq: first, job: this.#job });
    const index = place?.ok ? (place.value.found?.index ?? 0) : 0;
    const count = last < 0 ? 0 : Math.min(last - first + 1, maxWindowRows);
    const page = await this.#client.call('sessions.window', { session, query, first: index, count });
    this.#isAsking = false;
    if (this.#isEnded) return;
    if (!page.ok) {
      if (page.error.code === 'not-found') await this.#beginAgain(query);
      return;
    }
    this.store.setState({ found: new Set(page.value.rows.map(({ seq }) => seq)) });
    this.#count(page.value);
  }
}

/** A search that takes longer shows its progress and a Cancel button. */
const patienceMs = 300;

/** Selects the next or previous record that matches `find` among those that `view` shows. Wraps at either end. */
export async function findMatch(
  services: Pick<Services, 'client' | 'notices'>,
  view: TrafficView,
  find: string,
  backward: boolean,
): Promise<void> {
  const { client, notices } = services;
  const { selected, total } = view.store.getState();
  const job = crypto.randomUUID();
  const cancel = () => void client.call('jobs.cancel', { job });
  const timer = setTimeout(
    () =>
      putJob(notices, {
        id: job,
        label: strings.find.searching(find),
        done: 0,
        total,
        unit: strings.find.unit,
        cancel,
      }),
    patienceMs,
  );
  const ask = (from: number) =>
    client.call('sessions.find', { session: view.session, find, query: view.query, from, backward, job });
  const start = backward ? total : -1;
  const from = selected < 0 ? start : selected;
  let answer = await ask(from);
  const isPast = answer.ok && answer.value.found === null && from !== start;
  if (isPast) answer = await ask(start);
  clearTimeout(timer);
  endJob(notices, job);
  if (!answer.ok) {
    if (answer.error.code !== 'cancelled') showFailure(notices, answer.error);
    return;
  }
  const { found } = answer.value;
  if (!found) {
    showDone(notices, strings.noMatches, find);
    return;
  }
  const { wrappedToFirst, wrappedToLast } = strings.find;
  if (isPast) showDone(notices, backward ? wrappedToLast(found.seq) : wrappedToFirst(found.seq));
  await view.selectRecord(found.seq);
}

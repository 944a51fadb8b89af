import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import { maxWindowRows } from '#shared/contract/contract.ts';
import type { Failure } from '#shared/contract/failure.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { clampTop, maxTop, type RowMetrics, revealRow, visibleRows } from '../../ui/virtual-rows.ts';

export const rowHeight = 24;
const overscan = 12;
/** At most about 30 fetches a second; a screen shows no more. */
const fetchPauseMs = 33;
/** Rows kept beside those in sight, so that small movements need no fetch. */
const keptRows = 600;

export interface TrafficState {
  readonly total: number;
  /** The row at the upper edge, with a fraction. */
  readonly top: number;
  readonly viewport: number;
  /** The newest record stays in sight. */
  readonly follow: boolean;
  /** Rows before this one were in sight or above it. */
  readonly seen: number;
  /** The chosen record, −1 for none. It never changes because traffic arrives. */
  readonly selected: number;
  readonly rows: ReadonlyMap<number, Row>;
  readonly sockets: ReadonlyMap<number, SocketInfo>;
  /** When the first record happened: the zero of the time column. */
  readonly startAt: number | undefined;
  readonly failure: Failure | undefined;
}

interface Timing {
  readonly now: () => number;
  readonly later: (run: () => void, ms: number) => void;
}

const realTiming: Timing = { now: () => performance.now(), later: (run, ms) => void setTimeout(run, ms) };

/**
 * What a traffic table shows of one session: it is told how many records there are and fetches those in sight. One fetch
 * is under way at a time, the latest wish wins, so that the cost does not grow with the traffic.
 */
export class TrafficView {
  readonly store: StoreApi<TrafficState>;
  readonly session: string;
  readonly #client: Client;
  readonly #timing: Timing;
  /** The newest count told; `total` in the store follows it once the rows to show for it are here. */
  #known = 0;
  #shown = false;
  #fetching = false;
  #waiting = false;
  #lastFetch = Number.NEGATIVE_INFINITY;
  #stalled = false;

  constructor(client: Client, session: string, timing: Timing = realTiming) {
    this.#client = client;
    this.session = session;
    this.#timing = timing;
    this.store = createStore<TrafficState>(() => ({
      total: 0,
      top: 0,
      viewport: 0,
      follow: true,
      seen: 0,
      selected: -1,
      rows: new Map(),
      sockets: new Map(),
      startAt: undefined,
      failure: undefined,
    }));
  }

  /** Fetches only while it is shown. */
  setShown(shown: boolean): void {
    this.#shown = shown;
    if (shown) this.#pump();
  }

  setTotal(total: number): void {
    if (total === this.#known) return;
    this.#known = total;
    this.#stalled = false;
    if (!this.store.getState().follow) this.#set({ total });
    this.#pump();
  }

  setViewport(viewport: number): void {
    const state = this.store.getState();
    if (viewport === state.viewport) return;
    const metrics = { total: state.total, rowHeight, viewport };
    this.#set({ viewport, top: state.follow ? maxTop(metrics) : clampTop(metrics, state.top) });
    this.#pump();
  }

  /** The user moved the view so that row `top` is at the upper edge. At the end it follows again. */
  scrollTo(top: number): void {
    const metrics = this.#metrics();
    const atEnd = top >= maxTop(metrics) - 0.5;
    this.#set({ top: clampTop(metrics, top), follow: atEnd });
    this.#pump();
  }

  /** Stays where it is from now on. */
  stopFollowing(): void {
    const { total, follow } = this.store.getState();
    if (!follow || maxTop(this.#metrics()) === 0) return;
    this.#set({ follow: false, seen: total, total: this.#known });
  }

  /** Goes to the newest record and stays with it. */
  resume(): void {
    this.#set({ follow: true, total: this.#known, top: maxTop({ ...this.#metrics(), total: this.#known }) });
    this.#pump();
  }

  /** Chooses a record and brings it into sight; following stops, so that it stays where it is. */
  select(seq: number): void {
    const { top } = this.store.getState();
    this.stopFollowing();
    this.#set({ selected: seq, top: seq < 0 ? top : revealRow(this.#metrics(), top, seq) });
    this.#pump();
  }

  #metrics(): RowMetrics {
    const { total, viewport } = this.store.getState();
    return { total, rowHeight, viewport };
  }

  #set(change: Partial<TrafficState>): void {
    this.store.setState((state) => {
      const next = { ...state, ...change };
      const bottom = Math.ceil(next.top + next.viewport / rowHeight);
      const seen = next.follow ? next.total : Math.min(next.total, Math.max(next.seen, bottom));
      return seen === next.seen ? next : { ...next, seen };
    });
  }

  /** The rows that should be drawn, with the one before them for the time between. */
  #wanted(): { total: number; top: number; first: number; end: number } {
    const { follow, viewport, top, total } = this.store.getState();
    const metrics = { total: follow ? this.#known : total, rowHeight, viewport };
    const at = follow ? maxTop(metrics) : clampTop(metrics, top);
    const { first, count } = visibleRows(metrics, at, overscan);
    return { total: metrics.total, top: at, first: Math.max(0, first - 1), end: first + count };
  }

  #missing(first: number, end: number): { first: number; count: number } | undefined {
    const { rows } = this.store.getState();
    let from = first;
    let to = end;
    while (from < to && rows.has(from)) from += 1;
    while (to > from && rows.has(to - 1)) to -= 1;
    return to > from ? { first: from, count: Math.min(to - from, maxWindowRows) } : undefined;
  }

  #pump(): void {
    if (!this.#shown || this.#fetching || this.#waiting || this.store.getState().viewport === 0) return;
    const wanted = this.#wanted();
    const missing = this.#missing(wanted.first, wanted.end);
    if (!missing) {
      this.#settle(wanted);
      return;
    }
    if (this.#stalled) return;
    const pause = this.#lastFetch + fetchPauseMs - this.#timing.now();
    if (pause > 0) {
      this.#waiting = true;
      this.#timing.later(() => {
        this.#waiting = false;
        this.#pump();
      }, pause);
      return;
    }
    void this.#fetch(missing);
  }

  #settle({ total, top }: { total: number; top: number }): void {
    const state = this.store.getState();
    if (state.follow && (state.top !== top || state.total !== total)) this.#set({ top, total });
  }

  async #fetch({ first, count }: { first: number; count: number }): Promise<void> {
    this.#fetching = true;
    this.#lastFetch = this.#timing.now();
    const { session } = this;
    const [answer, start] = await Promise.all([
      this.#client.call('sessions.window', { session, first, count }),
      this.store.getState().startAt === undefined
        ? this.#client.call('sessions.window', { session, first: 0, count: 1 })
        : undefined,
    ]);
    this.#fetching = false;
    if (!answer.ok) {
      // Tried again with the next news; asking in a loop would not make it better.
      this.#stalled = true;
      this.#set({ failure: answer.error });
      return;
    }
    const { rows, sockets } = answer.value;
    this.#stalled = rows.length === 0;
    this.#merge(first, rows, sockets, start?.ok ? start.value.rows[0]?.at : undefined);
    this.#pump();
  }

  #merge(first: number, fetched: readonly Row[], infos: readonly SocketInfo[], startAt: number | undefined): void {
    const state = this.store.getState();
    const rows = new Map<number, Row>();
    const end = first + fetched.length;
    for (const [seq, row] of state.rows) if (seq >= first - keptRows && seq < end + keptRows) rows.set(seq, row);
    for (const row of fetched) if (!rows.has(row.seq)) rows.set(row.seq, row);
    const sockets = new Map(state.sockets);
    for (const info of infos) sockets.set(info.id, info);
    const change: Partial<TrafficState> = { rows, sockets, failure: undefined, startAt: state.startAt ?? startAt };
    if (state.follow) {
      // Rows, count and position change together, so that following never shows an empty row.
      const total = Math.max(state.total, Math.min(this.#known, Math.max(end, state.total)));
      const top = maxTop({ total, rowHeight, viewport: state.viewport });
      this.#set({ ...change, total, top });
    } else this.#set(change);
  }
}

import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import { TrafficEffects } from './traffic-effects.ts';
import type { Timing } from './traffic-pace.ts';
import type { RowPosition } from './traffic-queries.ts';
import { stepFrom, type TrafficState } from './traffic-state.ts';

/** The rows of one session in a traffic table: what the user and the page do with them. */
export class TrafficView {
  readonly session: string;
  readonly store: StoreApi<TrafficState>;
  readonly #effects: TrafficEffects;

  constructor(client: Client, session: string, timing?: Timing) {
    this.session = session;
    this.#effects = new TrafficEffects(client, session, timing);
    this.store = this.#effects.store;
  }

  /** Stops all queries, and releases the filter in the engine. */
  dispose(): void {
    this.#effects.dispose();
  }

  /** Id of the query whose rows are shown; undefined for all records. */
  get query(): string | undefined {
    return this.#effects.query;
  }

  /** Fetches rows only while the table is shown. */
  setShown(shown: boolean): void {
    this.#effects.setShown(shown);
  }

  /** Creates the query again: the engine has ended those of this page when the connection was lost. */
  renew(): void {
    this.#effects.renew();
  }

  /** Sets the number of records of the session. `isRecorded`: more may follow. */
  setTotal(total: number, isRecorded = true): void {
    this.#effects.setTotal(total, isRecorded);
  }

  /**
   * Shows the records that match `filter` (all if it is empty), of one endpoint if its id is given. Visible records that
   * match stay visible.
   */
  setFilter(filter: string, endpoint?: string): void {
    this.#effects.setFilter({ filter, endpoint });
  }

  setViewport(viewport: number): void {
    if (viewport === this.store.getState().viewport) return;
    this.#effects.dispatch({ kind: 'resized', viewport });
    this.#effects.pump();
  }

  /** Scrolls so that row `top` is at the upper edge. At the end, the view follows new rows again. */
  scrollTo(top: number): void {
    this.#effects.dispatch({ kind: 'scrolled', top });
    this.#effects.pump();
  }

  /** Stops following new rows. */
  stopFollowing(): void {
    this.#effects.dispatch({ kind: 'stopped-following' });
  }

  /** Scrolls to the newest row and follows new rows. */
  resume(): void {
    this.#effects.dispatch({ kind: 'resumed-following' });
    this.#effects.pump();
  }

  /** Selects the row at index `at` and scrolls to it. Following stops, so that the row does not move. */
  select(at: number): void {
    this.#effects.dispatch({ kind: 'selected', at });
    this.#effects.pump();
  }

  /** Selects the next or previous row. If the filter hides the selected record, that is the row beside it. */
  step(backward: boolean): void {
    const to = stepFrom(this.store.getState(), backward);
    if (to !== undefined) this.select(to);
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
    const position = await this.#effects.locate(wanted);
    if (!position) return undefined;
    this.#effects.dispatch({ kind: 'position-selected', position });
    this.#effects.pump();
    return position;
  }
}

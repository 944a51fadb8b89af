import { createStore, type StoreApi } from 'zustand/vanilla';
import { clampTop, maxTop } from '../../ui/virtual-list.tsx';
import { SearchProgress } from './search-progress.ts';
import { changed, metricsOf, resizedTop, rowSelected, stepFrom } from './traffic-changes.ts';
import { emptyTraffic, type TrafficState } from './traffic-state.ts';

/** Scroll position and selection of a traffic table, and how the user changes them. */
export abstract class TrafficScroll {
  readonly store: StoreApi<TrafficState> = createStore<TrafficState>(() => emptyTraffic);
  /** Number of rows; `count` in the store follows once the rows to show are fetched. */
  protected readonly search = new SearchProgress();
  /** Incremented when the user scrolls or selects: an answer that arrives later must not scroll the view. */
  protected moves = 0;

  /** Fetches the visible rows that are missing. */
  protected abstract pump(): void;

  protected set(change: Partial<TrafficState>): void {
    this.store.setState((state) => changed(state, change));
  }

  setViewport(viewport: number): void {
    const state = this.store.getState();
    if (viewport === state.viewport) return;
    this.set({ viewport, top: resizedTop(state, viewport) });
    this.pump();
  }

  /** Scrolls so that row `top` is at the upper edge. At the end, the view follows new rows again. */
  scrollTo(top: number): void {
    this.moves += 1;
    const metrics = metricsOf(this.store.getState());
    const atEnd = top >= maxTop(metrics) - 0.5;
    this.set({ top: clampTop(metrics, top), follow: atEnd });
    this.pump();
  }

  /** Stops following new rows. */
  stopFollowing(): void {
    this.moves += 1;
    const { count, follow } = this.store.getState();
    if (!follow || maxTop(metricsOf(this.store.getState())) === 0) return;
    this.set({ follow: false, seen: count, count: this.search.known });
  }

  /** Scrolls to the newest row and follows new rows. */
  resume(): void {
    this.moves += 1;
    this.set({
      follow: true,
      count: this.search.known,
      top: maxTop({ ...metricsOf(this.store.getState()), total: this.search.known }),
    });
    this.pump();
  }

  /** Selects the row at index `at` and scrolls to it. Following stops, so that the row does not move. */
  select(at: number): void {
    this.stopFollowing();
    this.set(rowSelected(this.store.getState(), at));
    this.pump();
  }

  /** Selects the next or previous row. If the filter hides the selected record, that is the row beside it. */
  step(backward: boolean): void {
    const to = stepFrom(this.store.getState(), backward);
    if (to !== undefined) this.select(to);
  }
}

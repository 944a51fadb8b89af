import { createStore, type StoreApi } from 'zustand/vanilla';
import { clampTop, maxTop } from '../../ui/virtual-rows.ts';
import { SearchProgress } from './search-progress.ts';
import { changed, metricsOf, resizedTop, rowChosen, stepFrom } from './traffic-changes.ts';
import { emptyTraffic, type TrafficState } from './traffic-state.ts';

/** Where a traffic table stands and which row is chosen: what the user's hand does to it. */
export abstract class TrafficScroll {
  readonly store: StoreApi<TrafficState> = createStore<TrafficState>(() => emptyTraffic);
  /** How many rows there are; `count` in the store follows it once the rows to show for it are here. */
  protected readonly search = new SearchProgress();
  /** Grows when the user moves: what comes late then moves nothing. */
  protected moves = 0;

  /** Fetches what is to be seen and is not here yet. */
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

  /** The user moved the view so that row `top` is at the upper edge. At the end it follows again. */
  scrollTo(top: number): void {
    this.moves += 1;
    const metrics = metricsOf(this.store.getState());
    const atEnd = top >= maxTop(metrics) - 0.5;
    this.set({ top: clampTop(metrics, top), follow: atEnd });
    this.pump();
  }

  /** Stays where it is from now on. */
  stopFollowing(): void {
    this.moves += 1;
    const { count, follow } = this.store.getState();
    if (!follow || maxTop(metricsOf(this.store.getState())) === 0) return;
    this.set({ follow: false, seen: count, count: this.search.known });
  }

  /** Goes to the newest row and stays with it. */
  resume(): void {
    this.moves += 1;
    this.set({
      follow: true,
      count: this.search.known,
      top: maxTop({ ...metricsOf(this.store.getState()), total: this.search.known }),
    });
    this.pump();
  }

  /** Chooses the row at a place and brings it into sight; following stops, so that it stays where it is. */
  select(at: number): void {
    this.stopFollowing();
    this.set(rowChosen(this.store.getState(), at));
    this.pump();
  }

  /** Chooses the next row, or the one before; from a record that the filter hides, the one beside it. */
  step(backward: boolean): void {
    const to = stepFrom(this.store.getState(), backward);
    if (to !== undefined) this.select(to);
  }
}

import { createStore, type StoreApi } from 'zustand/vanilla';
import { andFilter } from '#shared/filter/format.ts';
import { rememberFilter, type SettingsStore } from './settings.ts';

/** Which records of its session a tab shows. */
export interface TabFilter {
  /** The filter that the user has applied; empty for none. */
  readonly text: string;
  /** `filter` hides the records that do not match, `find` marks those that do. */
  readonly mode: 'filter' | 'find';
  /** In the tab of an endpoint: show the records of all endpoints. */
  readonly all: boolean;
}

interface FiltersState {
  readonly byTab: Readonly<Record<string, TabFilter | undefined>>;
}
export type FiltersStore = StoreApi<FiltersState>;

export const noFilter: TabFilter = { text: '', mode: 'filter', all: false };

export function createFiltersStore(): FiltersStore {
  return createStore<FiltersState>(() => ({ byTab: {} }));
}

export function filterOfTab(state: FiltersState, tab: string): TabFilter {
  return state.byTab[tab] ?? noFilter;
}

export function changeFilter(store: FiltersStore, tab: string, change: Partial<TabFilter>): void {
  store.setState((state) => ({ byTab: { ...state.byTab, [tab]: { ...filterOfTab(state, tab), ...change } } }));
}

export function dropFilter(store: FiltersStore, tab: string): void {
  store.setState(({ byTab }) => ({ byTab: { ...byTab, [tab]: undefined } }));
}

/** Returns the filter for the records of an endpoint; empty for a tab without an endpoint or one that shows all. */
export function scopeFilter({ all }: TabFilter, endpoint: string | undefined): string {
  return endpoint === undefined || all ? '' : `endpoint.id == ${JSON.stringify(endpoint)}`;
}

/** Returns which records a tab shows: those of its scope and, in `filter` mode, of its filter. */
export function shownOf({ text, mode, all }: TabFilter, endpoint: string | undefined) {
  return { filter: mode === 'filter' ? text.trim() : '', endpoint: all ? undefined : endpoint };
}

/** Returns the same as one filter: the tab's scope and, in `filter` mode, its filter. */
export function shownFilter(filter: TabFilter, endpoint: string | undefined): string {
  return andFilter(scopeFilter(filter, endpoint), filter.mode === 'filter' ? filter.text.trim() : '');
}

interface FilterServices {
  readonly filters: FiltersStore;
  readonly settings: SettingsStore;
}

/** Applies the filter `text`, which must be valid, to the traffic of a tab and remembers it. */
export function applyFilter({ filters, settings }: FilterServices, tab: string, text: string): void {
  const trimmed = text.trim();
  changeFilter(filters, tab, { text: trimmed });
  rememberFilter(settings, trimmed);
}

/** How a condition is combined with the current filter. */
export type Joining = 'only' | 'and' | 'exclude';

/** Returns `current` combined with `part`. */
export function joinedFilter(current: string, part: string, how: Joining): string {
  if (how === 'only') return part;
  return andFilter(current, how === 'and' ? part : `!(${part})`);
}

/** Adds a condition to the filter of a tab and hides the records that do not match. */
export function joinFilter(services: FilterServices, tab: string, part: string, how: Joining): void {
  const { text, mode } = filterOfTab(services.filters.getState(), tab);
  changeFilter(services.filters, tab, { mode: 'filter' });
  applyFilter(services, tab, joinedFilter(mode === 'filter' ? text : '', part, how));
}

interface StatisticsShown {
  /** Tabs that show statistics instead of their traffic. */
  readonly byTab: Readonly<Record<string, boolean | undefined>>;
}
export type StatisticsStore = StoreApi<StatisticsShown>;

export function createStatisticsStore(): StatisticsStore {
  return createStore<StatisticsShown>(() => ({ byTab: {} }));
}

export function showStatistics(store: StatisticsStore, tab: string, shown: boolean): void {
  store.setState(({ byTab }) => ({ byTab: { ...byTab, [tab]: shown } }));
}

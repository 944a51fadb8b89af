import { createStore, type StoreApi } from 'zustand/vanilla';
import { andFilter } from '#shared/filter/format.ts';

/** What a tab shows of its session. */
export interface TabFilter {
  /** The filter as a person wrote it and had it applied; empty for none. */
  readonly text: string;
  /** `filter` hides what does not match, `find` marks what does. */
  readonly mode: 'filter' | 'find';
  /** The records of all endpoints, where the tab is that of one. */
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

/** The filter that lets through what belongs to an endpoint; empty where a tab is of none or shows all. */
export function scopeFilter({ all }: TabFilter, endpoint: string | undefined): string {
  return endpoint === undefined || all ? '' : `endpoint.id == ${JSON.stringify(endpoint)}`;
}

/** Which records a tab shows: those of its scope and, where it hides what does not match, of its filter. */
export function shownOf({ text, mode, all }: TabFilter, endpoint: string | undefined) {
  return { filter: mode === 'filter' ? text.trim() : '', endpoint: all ? undefined : endpoint };
}

/** The same as one filter: the tab's scope and, where it hides what does not match, its filter. */
export function shownFilter(filter: TabFilter, endpoint: string | undefined): string {
  return andFilter(scopeFilter(filter, endpoint), filter.mode === 'filter' ? filter.text.trim() : '');
}

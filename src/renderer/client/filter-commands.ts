import { andFilter } from '#shared/filter/format.ts';
import { changeFilter, filterOfTab } from './filters-store.ts';
import type { Services } from './services.ts';
import { rememberFilter } from './settings-store.ts';

type FilterServices = Pick<Services, 'filters' | 'settings'>;

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

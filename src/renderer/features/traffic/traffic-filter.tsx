import { ChevronDown, ChevronUp } from 'lucide-react';
import { useStore } from 'zustand/react';
import { applyFilter, changeFilter, filterOfTab, shownOf } from '../../state/filters.ts';
import { showDone } from '../../state/notices.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { FilterBar } from './filter-bar.tsx';
import type { SearchStatus } from './filter-bar-state.ts';
import type { FoundState } from './found-marks.ts';
import { strings } from './strings.ts';
import { isSameShown, type Shown } from './traffic-queries.ts';
import type { TrafficView } from './traffic-view.ts';

interface TrafficFilterProps {
  readonly tab: string;
  readonly view: TrafficView;
  /** The endpoint that the scope “This endpoint” shows; undefined in the tab of a session. */
  readonly endpoint: string | undefined;
  /** The matches of a search that leaves other records visible. */
  readonly marks: FoundState;
}

/** The filter bar of a tab. An applied filter is stored with the tab and added to the recent filters. */
export function TrafficFilter({ tab, view, endpoint, marks }: TrafficFilterProps) {
  const services = useServices();
  const own = useStore(services.filters, (state) => filterOfTab(state, tab));
  const { text, mode } = own;
  const history = useSettings((settings) => settings.filters);
  const status = useStatus(view, shownOf(own, endpoint), mode === 'find' ? marks : undefined);
  const cancel = () => {
    changeFilter(services.filters, tab, { text: '' });
    showDone(services.notices, strings.filter.stopped, strings.filter.stoppedHelp);
  };
  const step = (backward: boolean) => services.traffic.request(tab, { kind: 'match', backward });
  return (
    <FilterBar
      value={text}
      onApply={(next) => applyFilter(services, tab, next)}
      history={history}
      status={status}
      onCancel={cancel}
      mode={mode}
      onMode={(next) => changeFilter(services.filters, tab, { mode: next })}
    >
      <span>
        <IconButton
          small
          label={strings.filter.previousMatch}
          hint="F7"
          disabled={text === ''}
          onClick={() => step(true)}
        >
          <ChevronUp size={14} aria-hidden />
        </IconButton>
        <IconButton small label={strings.filter.nextMatch} hint="F8" disabled={text === ''} onClick={() => step(false)}>
          <ChevronDown size={14} aria-hidden />
        </IconButton>
      </span>
    </FilterBar>
  );
}

/** Returns the progress of the filter or, in find mode, of the search for matches to mark. */
function useStatus(view: TrafficView, shown: Shown, marks: FoundState | undefined): SearchStatus {
  const isAsked = useStore(view.store, (state) => !isSameShown(state.shown, shown) && !state.failure);
  const count = useStore(view.store, (state) => state.count);
  const scanned = useStore(view.store, (state) => (state.searching ? state.scanned : state.total));
  const total = useStore(view.store, (state) => state.total);
  if (marks) {
    const { matched, scanned } = marks;
    return marks.total === 0 ? { matched: undefined, scanned: 0, total } : { matched, scanned, total: marks.total };
  }
  // Until the first answer, the rows and their count are those of the previous filter.
  return isAsked ? { matched: undefined, scanned: 0, total } : { matched: count, scanned, total };
}

import { useLayoutEffect } from 'react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { filterOfTab, shownFilter, type TabFilter } from '../client/filters-store.ts';
import { showStatistics } from '../client/statistics-store.ts';
import { useServices } from '../client/use-services.ts';
import { StatisticsPane } from '../features/statistics/statistics-pane.tsx';
import { TrafficPane } from '../features/traffic/traffic-pane.tsx';

interface RecordsProps {
  readonly tab: string;
  readonly session: SessionView;
  /** The endpoint whose records are shown by default; undefined in the tab of a session. */
  readonly endpoint?: string | undefined;
  readonly note?: string | undefined;
}

/** The records of a session or their statistics, with the tab's filter. */
export function Records({ tab, session, endpoint, note }: RecordsProps) {
  const { filters, selection, statistics } = useServices();
  const isCounted = useStore(statistics, ({ byTab }) => byTab[tab] === true);
  const own = useStore(filters, (state) => filterOfTab(state, tab));
  // A request to select a record shows the traffic. Subscribed before the effects of the traffic, which takes the request.
  useLayoutEffect(
    () =>
      selection.subscribe(({ wanted }) => {
        if (wanted[tab] !== undefined) showStatistics(statistics, tab, false);
      }),
    [selection, statistics, tab],
  );
  const counts = isCounted ? (
    <StatisticsPane tab={tab} session={session} filter={shownFilter(own, endpoint)} scope={scopeWords(own, endpoint)} />
  ) : undefined;
  return <TrafficPane tab={tab} session={session} endpoint={endpoint} note={note} instead={counts} />;
}

/** Describes the records that the statistics count. */
function scopeWords({ all, text, mode }: TabFilter, endpoint: string | undefined): string {
  const whose = endpoint === undefined || all ? 'the' : 'this endpoint’s';
  const isFiltered = mode === 'filter' && text.trim() !== '';
  if (isFiltered) return `of ${whose} records that match ${text.trim()}`;
  return whose === 'the' ? 'of all records' : `of ${whose} records`;
}

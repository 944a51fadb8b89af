import { ChartColumn, Rows3, ScrollText } from 'lucide-react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { changeFilter, filterOfTab } from '../../client/filters-store.ts';
import { setLayout } from '../../client/settings-store.ts';
import { showStatistics } from '../../client/statistics-store.ts';
import { useServices, useSettings } from '../../client/use-services.ts';
import { countOf, countText } from '../../ui/figures.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { isEvery } from './page-query.ts';
import styles from './traffic-pane.module.css';
import type { TrafficView } from './traffic-view.ts';

const layouts = [
  { value: 'table', label: 'Table', icon: <Rows3 size={13} aria-hidden /> },
  { value: 'stream', label: 'Stream', icon: <ScrollText size={13} aria-hidden /> },
  { value: 'statistics', label: 'Statistics', icon: <ChartColumn size={13} aria-hidden /> },
] as const;

const scopes = [
  { value: 'own', label: 'This endpoint' },
  { value: 'all', label: 'All' },
] as const;

interface TrafficBarProps {
  readonly tab: string;
  readonly view: TrafficView;
  readonly session: SessionView;
  /** True in the tab of one endpoint, whose records can be shown without the others'. */
  readonly isOfEndpoint: boolean;
  readonly note?: string | undefined;
}

/** How the records are laid out, whose they are, and how many. */
export function TrafficBar({ tab, view, session, isOfEndpoint, note }: TrafficBarProps) {
  const { settings, filters, statistics } = useServices();
  const isStream = useSettings((state) => state.layout['traffic.stream'] === true);
  const isCounted = useStore(statistics, ({ byTab }) => byTab[tab] === true);
  const { all, text, mode } = useStore(filters, (state) => filterOfTab(state, tab));
  return (
    <div className={styles.bar}>
      <Segmented
        label="View"
        value={isCounted ? 'statistics' : isStream ? 'stream' : 'table'}
        options={layouts}
        onChange={(value) => {
          showStatistics(statistics, tab, value === 'statistics');
          if (value !== 'statistics') setLayout(settings, 'traffic.stream', value === 'stream');
        }}
      />
      {isOfEndpoint ? (
        <Segmented
          label="Records of"
          value={all ? 'all' : 'own'}
          options={scopes}
          onChange={(value) => changeFilter(filters, tab, { all: value === 'all' })}
        />
      ) : null}
      {note ? (
        <span className={styles.note} title={note}>
          {note}
        </span>
      ) : null}
      {text !== '' && mode === 'filter' ? <span className={styles.count} /> : <Count view={view} />}
      {session.notice ? <span className={styles.notice}>{session.notice}</span> : null}
    </div>
  );
}

/** How many rows there are, of how many records. Under a filter the bar of the filter has the figures. */
function Count({ view }: { readonly view: TrafficView }) {
  const shown = useStore(view.store, (state) => state.shown);
  const count = useStore(view.store, (state) => state.count);
  const total = useStore(view.store, (state) => state.total);
  if (isEvery(shown)) return <span className={styles.count}>{countOf(count, 'record')}</span>;
  return (
    <span className={styles.count} title={`${countText(count)} of the session’s ${countOf(total, 'record')} match`}>
      {countText(count)} of {countOf(total, 'record')}
    </span>
  );
}

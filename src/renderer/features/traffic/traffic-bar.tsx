import { ChartColumn, Rows3, ScrollText } from 'lucide-react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { changeFilter, filterOfTab } from '../../client/filters-store.ts';
import { setLayout } from '../../client/settings-store.ts';
import { showStatistics } from '../../client/statistics-store.ts';
import { useServices, useSettings } from '../../client/use-services.ts';
import { classes } from '../../ui/classes.ts';
import paneStyles from '../../ui/pane.module.css';
import { Segmented } from '../../ui/segmented.tsx';
import { isEvery } from './page-query.ts';
import { strings } from './strings.ts';
import styles from './traffic-pane.module.css';
import type { TrafficView } from './traffic-view.ts';

const texts = strings.bar;
const layouts = [
  { value: 'table', label: texts.table, icon: <Rows3 size={13} aria-hidden /> },
  { value: 'stream', label: texts.stream, icon: <ScrollText size={13} aria-hidden /> },
  { value: 'statistics', label: texts.statistics, icon: <ChartColumn size={13} aria-hidden /> },
] as const;

const scopes = [
  { value: 'own', label: texts.thisEndpoint },
  { value: 'all', label: texts.all },
] as const;

interface TrafficBarProps {
  readonly tab: string;
  readonly view: TrafficView;
  readonly session: SessionView;
  /** True in the tab of an endpoint, which can hide the records of other endpoints. */
  readonly isOfEndpoint: boolean;
  readonly note?: string | undefined;
}

/** Selects the view and the scope of the records, and shows their number. */
export function TrafficBar({ tab, view, session, isOfEndpoint, note }: TrafficBarProps) {
  const { settings, filters, statistics } = useServices();
  const isStream = useSettings((state) => state.layout['traffic.stream'] === true);
  const isCounted = useStore(statistics, ({ byTab }) => byTab[tab] === true);
  const { all, text, mode } = useStore(filters, (state) => filterOfTab(state, tab));
  return (
    <div className={classes(paneStyles.bar, styles.bar)}>
      <Segmented
        label={texts.view}
        value={isCounted ? 'statistics' : isStream ? 'stream' : 'table'}
        options={layouts}
        onChange={(value) => {
          showStatistics(statistics, tab, value === 'statistics');
          if (value !== 'statistics') setLayout(settings, 'traffic.stream', value === 'stream');
        }}
      />
      {isOfEndpoint ? (
        <Segmented
          label={texts.scope}
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

/** The number of rows and of records. With a filter, the filter bar shows it instead. */
function Count({ view }: { readonly view: TrafficView }) {
  const shown = useStore(view.store, (state) => state.shown);
  const count = useStore(view.store, (state) => state.count);
  const total = useStore(view.store, (state) => state.total);
  if (isEvery(shown)) return <span className={styles.count}>{texts.records(count)}</span>;
  return (
    <span className={styles.count} title={texts.matchesInSession(count, total)}>
      {texts.matches(count, total)}
    </span>
  );
}

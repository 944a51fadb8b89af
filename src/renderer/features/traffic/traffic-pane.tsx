import { ArrowDown, ChartColumn, Rows3, ScrollText } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { changeFilter, filterOfTab } from '../../state/filters.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { setLayout } from '../../state/settings.ts';
import { showStatistics } from '../../state/statistics.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/choices.tsx';
import { Empty, FailureBox } from '../../ui/fallback.tsx';
import paneStyles from '../../ui/pane.module.css';
import { classes } from '../../ui/text.ts';
import { strings } from './strings.ts';
import { TrafficFilter } from './traffic-filter.tsx';
import { TrafficGrid } from './traffic-grid.tsx';
import styles from './traffic-pane.module.css';
import { isEvery } from './traffic-queries.ts';
import type { TrafficView } from './traffic-view.ts';
import { useFound, useTraffic } from './use-traffic.ts';

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
function TrafficBar({ tab, view, session, isOfEndpoint, note }: TrafficBarProps) {
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

interface TrafficPaneProps {
  readonly tab: string;
  readonly session: SessionView;
  /** The endpoint that the scope “This endpoint” shows; undefined in the tab of a session. */
  readonly endpoint?: string | undefined;
  /** A hint about how to read these records. */
  readonly note?: string | undefined;
  /** Shown instead of the rows, with the same filter. */
  readonly instead?: ReactNode;
}

/** The records of a session, as a table or as a continuous stream. */
export function TrafficPane({ tab, session, endpoint, note, instead }: TrafficPaneProps) {
  const pane = useRef<HTMLElement>(null);
  const view = useTraffic(tab, session, endpoint, pane);
  const marks = useFound(tab, view, endpoint);
  const isStream = useSettings((settings) => settings.layout['traffic.stream'] === true);
  const failure = useStore(view.store, (state) => state.failure);
  const unseen = useStore(view.store, (state) => (state.follow ? 0 : state.count - state.seen));
  return (
    <section ref={pane} className={classes(paneStyles.pane, styles.pane)} aria-label={strings.records}>
      <TrafficBar tab={tab} view={view} session={session} isOfEndpoint={endpoint !== undefined} note={note} />
      <TrafficFilter tab={tab} view={view} endpoint={endpoint} marks={marks} />
      {instead ?? (
        <>
          {failure ? <FailureBox failure={failure} /> : null}
          <div className={styles.body}>
            <TrafficGrid tab={tab} view={view} stream={isStream} found={marks.found} />
            <NoRecords tab={tab} view={view} />
            {unseen > 0 ? (
              <button type="button" className={styles.pill} onClick={() => view.resume()}>
                {strings.newRecords(unseen)} <ArrowDown size={13} aria-hidden />
              </button>
            ) : null}
          </div>
        </>
      )}
    </section>
  );
}

/** Explains why there are no rows, and what will appear there. */
function NoRecords({ tab, view }: { readonly tab: string; readonly view: TrafficView }) {
  const { filters } = useServices();
  const isEmpty = useStore(view.store, (state) => state.count === 0 && !state.switching);
  const searching = useStore(view.store, (state) => state.searching);
  const { text, mode } = useStore(filters, (state) => filterOfTab(state, tab));
  if (!isEmpty) return null;
  const isFiltered = text !== '' && mode === 'filter';
  const showAll = () => {
    changeFilter(filters, tab, { text: '' });
    document.querySelector<HTMLElement>('[data-focus="traffic"]')?.focus();
  };
  return (
    <div className={styles.empty}>
      {isFiltered ? (
        <Empty title={searching ? strings.noMatchesYet : strings.noMatches}>
          <p>{strings.noMatchesHelp}</p>
          <Button onClick={showAll}>{strings.showAll}</Button>
        </Empty>
      ) : (
        <Empty title={strings.noRecords}>
          <p>{strings.noRecordsHelp}</p>
        </Empty>
      )}
    </div>
  );
}

import { ArrowDown, ArrowRightLeft, ChartColumn, ChevronDown, ChevronUp, Rows3, ScrollText } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { applyFilter, changeFilter, filterOfTab, shownOf, showStatistics } from '../../state/filters.ts';
import { showDone } from '../../state/notices.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { setTrafficLayout, trafficLayout } from '../../state/settings.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Segmented } from '../../ui/choices.tsx';
import { Empty, FailureBox } from '../../ui/fallback.tsx';
import paneStyles from '../../ui/pane.module.css';
import { classes } from '../../ui/text.ts';
import { FilterBar } from './filter-bar.tsx';
import type { SearchStatus } from './filter-bar-state.ts';
import type { FoundState } from './found-marks.ts';
import { SequenceGrid } from './sequence-grid.tsx';
import { strings } from './strings.ts';
import { TrafficGrid } from './traffic-grid.tsx';
import styles from './traffic-pane.module.css';
import { isEvery, isSameShown, type Shown } from './traffic-queries.ts';
import type { TrafficView } from './traffic-view.ts';
import { useFound, useTraffic } from './use-traffic.ts';

const texts = strings.bar;
const layouts = [
  { value: 'table', label: texts.table, icon: <Rows3 size={13} aria-hidden /> },
  { value: 'stream', label: texts.stream, icon: <ScrollText size={13} aria-hidden /> },
  { value: 'sequence', label: texts.sequence, icon: <ArrowRightLeft size={13} aria-hidden /> },
  { value: 'statistics', label: texts.statistics, icon: <ChartColumn size={13} aria-hidden /> },
] as const;

const scopesOf = (isProgram: boolean) =>
  [
    { value: 'own', label: isProgram ? texts.thisProgram : texts.thisEndpoint },
    { value: 'all', label: texts.all },
  ] as const;

interface TrafficBarProps {
  readonly tab: string;
  readonly view: TrafficView;
  readonly session: SessionView;
  /** True in the tab of an endpoint, which can hide the records of other endpoints. */
  readonly isOfEndpoint: boolean;
  readonly isProgram: boolean;
  readonly note?: string | undefined;
}

/** Selects the view and the scope of the records, and shows their number. */
function TrafficBar({ tab, view, session, isOfEndpoint, isProgram, note }: TrafficBarProps) {
  const { settings, filters, statistics } = useServices();
  const layout = useSettings(trafficLayout);
  const isCounted = useStore(statistics, ({ byTab }) => byTab[tab] === true);
  const { all, text, mode } = useStore(filters, (state) => filterOfTab(state, tab));
  return (
    <div className={classes(paneStyles.bar, styles.bar)}>
      <Segmented
        label={texts.view}
        value={isCounted ? 'statistics' : layout}
        options={layouts}
        onChange={(value) => {
          showStatistics(statistics, tab, value === 'statistics');
          if (value !== 'statistics') setTrafficLayout(settings, value);
        }}
      />
      {isOfEndpoint ? (
        <Segmented
          label={texts.scope}
          value={all ? 'all' : 'own'}
          options={scopesOf(isProgram)}
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
  /** The endpoint is a traced program. */
  readonly isProgram?: boolean | undefined;
  /** A hint about how to read these records. */
  readonly note?: string | undefined;
  /** Shown instead of the rows, with the same filter. */
  readonly instead?: ReactNode;
}

/** The records of a session, as a table, as a continuous stream or as a sequence. */
export function TrafficPane({ tab, session, endpoint, isProgram = false, note, instead }: TrafficPaneProps) {
  const pane = useRef<HTMLElement>(null);
  const view = useTraffic(tab, session, endpoint, pane);
  const marks = useFound(tab, view, endpoint);
  const layout = useSettings(trafficLayout);
  const failure = useStore(view.store, (state) => state.failure);
  const unseen = useStore(view.store, (state) => (state.follow ? 0 : state.count - state.seen));
  return (
    <section ref={pane} className={classes(paneStyles.pane, styles.pane)} aria-label={strings.records}>
      <TrafficBar
        tab={tab}
        view={view}
        session={session}
        isOfEndpoint={endpoint !== undefined}
        isProgram={isProgram}
        note={note}
      />
      <TrafficFilter tab={tab} view={view} endpoint={endpoint} marks={marks} />
      {instead ?? (
        <>
          {failure ? <FailureBox failure={failure} /> : null}
          <div className={styles.body}>
            {layout === 'sequence' ? (
              <SequenceGrid view={view} />
            ) : (
              <TrafficGrid view={view} stream={layout === 'stream'} found={marks.found} />
            )}
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

interface TrafficFilterProps {
  readonly tab: string;
  readonly view: TrafficView;
  /** The endpoint that the scope “This endpoint” shows; undefined in the tab of a session. */
  readonly endpoint: string | undefined;
  /** The matches of a search that leaves other records visible. */
  readonly marks: FoundState;
}

/** The filter bar of a tab. An applied filter is stored with the tab and added to the recent filters. */
function TrafficFilter({ tab, view, endpoint, marks }: TrafficFilterProps) {
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

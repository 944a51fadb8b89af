import { ArrowDown } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { changeFilter, filterOfTab } from '../../client/filters-store.ts';
import { useServices, useSettings } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Empty } from '../../ui/empty.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import paneStyles from '../../ui/pane.module.css';
import { strings } from './strings.ts';
import { TrafficBar } from './traffic-bar.tsx';
import { TrafficFilter } from './traffic-filter.tsx';
import { TrafficGrid } from './traffic-grid.tsx';
import styles from './traffic-pane.module.css';
import type { TrafficView } from './traffic-view.ts';
import { useFound, useTraffic } from './use-traffic.ts';

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

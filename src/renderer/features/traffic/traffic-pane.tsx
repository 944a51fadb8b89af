import { ArrowDown } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { changeFilter, filterOfTab } from '../../client/filters-store.ts';
import { useServices, useSettings } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { countText } from '../../ui/figures.ts';
import { TrafficBar } from './traffic-bar.tsx';
import { TrafficFilter } from './traffic-filter.tsx';
import { TrafficGrid } from './traffic-grid.tsx';
import styles from './traffic-pane.module.css';
import type { TrafficView } from './traffic-view.ts';
import { useFound, useTraffic } from './use-traffic.ts';

interface TrafficPaneProps {
  readonly tab: string;
  readonly session: SessionView;
  /** The endpoint whose records are shown unless all are wanted; undefined in the tab of a session. */
  readonly endpoint?: string | undefined;
  /** What one should know to read these records aright. */
  readonly note?: string | undefined;
  /** What stands in place of the rows, under the same filter. */
  readonly instead?: ReactNode;
}

/** The records of a session: as a table, or as one sheet that reads like a log. */
export function TrafficPane({ tab, session, endpoint, note, instead }: TrafficPaneProps) {
  const pane = useRef<HTMLElement>(null);
  const view = useTraffic(tab, session, endpoint, pane);
  const marks = useFound(tab, view, endpoint);
  const isStream = useSettings((settings) => settings.layout['traffic.stream'] === true);
  const failure = useStore(view.store, (state) => state.failure);
  const unseen = useStore(view.store, (state) => (state.follow ? 0 : state.count - state.seen));
  return (
    <section ref={pane} className={styles.pane} aria-label="Records">
      <TrafficBar tab={tab} view={view} session={session} isOfEndpoint={endpoint !== undefined} note={note} />
      <TrafficFilter tab={tab} view={view} endpoint={endpoint} marks={marks} />
      {instead ?? (
        <>
          {failure ? <FailureBox failure={failure} /> : null}
          <div className={styles.body}>
            <TrafficGrid tab={tab} view={view} stream={isStream} found={marks.found} />
            <Nothing tab={tab} view={view} />
            {unseen > 0 ? (
              <button type="button" className={styles.pill} onClick={() => view.resume()}>
                {countText(unseen)} new <ArrowDown size={13} aria-hidden />
              </button>
            ) : null}
          </div>
        </>
      )}
    </section>
  );
}

/** What stands where there are no rows: why, and what will be there. */
function Nothing({ tab, view }: { readonly tab: string; readonly view: TrafficView }) {
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
        <Empty title={searching ? 'Nothing matches so far' : 'Nothing matches'}>
          <p>The filter lets none of the records through. What matches appears here as it happens.</p>
          <Button onClick={showAll}>Show all records</Button>
        </Empty>
      ) : (
        <Empty title="Nothing has happened yet">
          <p>Each connection, message and error appears here as it happens.</p>
        </Empty>
      )}
    </div>
  );
}

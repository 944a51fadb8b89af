import { ArrowDown, Rows3, ScrollText } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { select, takeWanted } from '../../client/selection-store.ts';
import { setLayout } from '../../client/settings-store.ts';
import { useServices, useSettings } from '../../client/use-services.ts';
import { Empty } from '../../ui/empty.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { countOf, countText } from '../../ui/figures.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { TrafficGrid } from './traffic-grid.tsx';
import styles from './traffic-pane.module.css';
import { viewOf } from './views.ts';

interface TrafficPaneProps {
  readonly tab: string;
  readonly session: SessionView;
  /** What one should know to read these records aright. */
  readonly note?: string | undefined;
}

const layouts = [
  { value: 'table', label: 'Table', icon: <Rows3 size={13} aria-hidden /> },
  { value: 'stream', label: 'Stream', icon: <ScrollText size={13} aria-hidden /> },
] as const;

/** The records of a session: as a table, or as one sheet that reads like a log. */
export function TrafficPane({ tab, session, note }: TrafficPaneProps) {
  const services = useServices();
  const view = useMemo(() => viewOf(services, tab, session.id), [services, tab, session.id]);
  const isStream = useSettings((settings) => settings.layout['traffic.stream'] === true);
  const total = useStore(view.store, (state) => state.total);
  const failure = useStore(view.store, (state) => state.failure);
  const unseen = useStore(view.store, (state) => (state.follow ? 0 : state.total - state.seen));

  useEffect(() => {
    view.setShown(true);
    return () => view.setShown(false);
  }, [view]);
  useEffect(() => view.setTotal(session.total), [view, session.total]);
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    const choose = () => {
      const seq = takeWanted(services.selection, tab);
      if (seq === undefined) return;
      view.select(seq);
      pane.current?.querySelector<HTMLElement>('[data-focus="traffic"]')?.focus();
    };
    choose();
    return services.selection.subscribe(choose);
  }, [view, services, tab]);
  useEffect(
    () =>
      view.store.subscribe((state, before) => {
        if (state.selected === before.selected && state.rows === before.rows) return;
        const row = state.rows.get(state.selected);
        const shown = services.selection.getState().byTab[tab];
        if (!row) {
          if (state.selected < 0 && shown) select(services.selection, tab, undefined);
        } else if (shown?.row !== row || shown.session !== view.session) {
          select(services.selection, tab, { session: view.session, row, info: state.sockets.get(row.socket) });
        }
      }),
    [view, services, tab],
  );

  return (
    <section ref={pane} className={styles.pane} aria-label="Records">
      <div className={styles.bar}>
        <Segmented
          label="View"
          value={isStream ? 'stream' : 'table'}
          options={layouts}
          onChange={(value) => setLayout(services.settings, 'traffic.stream', value === 'stream')}
        />
        {note ? (
          <span className={styles.note} title={note}>
            {note}
          </span>
        ) : null}
        <span className={styles.count}>{countOf(total, 'record')}</span>
        {session.notice ? <span className={styles.notice}>{session.notice}</span> : null}
      </div>
      {failure ? <FailureBox failure={failure} /> : null}
      <div className={styles.body}>
        <TrafficGrid view={view} stream={isStream} />
        {total === 0 ? (
          <div className={styles.empty}>
            <Empty title="Nothing has happened yet">
              <p>Each connection, message and error appears here as it happens.</p>
            </Empty>
          </div>
        ) : null}
        {unseen > 0 ? (
          <button type="button" className={styles.pill} onClick={() => view.resume()}>
            {countText(unseen)} new <ArrowDown size={13} aria-hidden />
          </button>
        ) : null}
      </div>
    </section>
  );
}

import { RefreshCw } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { useServices } from '../../state/services.ts';
import { pairingOf } from '../../state/statistics.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, FailureBox } from '../../ui/fallback.tsx';
import paneStyles from '../../ui/pane.module.css';
import { classes } from '../../ui/text.ts';
import styles from './statistics.module.css';
import { StatisticsSheet } from './statistics-sheet.tsx';
import { StatisticsView } from './statistics-view.ts';
import { strings } from './strings.ts';

interface StatisticsPaneProps {
  readonly tab: string;
  readonly session: SessionView;
  /** Only matching records are counted; all if it is empty. */
  readonly filter: string;
  /** Describes the filter: `of all records`. */
  readonly scope: string;
}

/** The statistics of a session, shown instead of its records. */
export function StatisticsPane({ tab, session, filter, scope }: StatisticsPaneProps) {
  const services = useServices();
  const choice = useStore(services.statistics, (state) => state.pairing);
  const view = useView(session, filter, choice);
  const { statistics, answered, failure, progress, cancelled } = useStore(view.store);
  const showRecord = (seq: number) => services.traffic.request(tab, { kind: 'record', seq });
  return (
    <section className={classes(paneStyles.pane, styles.pane)} aria-label={strings.title}>
      <div className={classes(paneStyles.bar, styles.bar)}>
        <h2 className={styles.title}>{strings.title}</h2>
        <span className={styles.scope} title={scope}>
          {scope}
        </span>
        <Counting progress={progress} onCancel={() => view.cancel()} />
        <Button small disabled={progress !== undefined} onClick={() => view.refresh()}>
          <RefreshCw size={12} aria-hidden />
          {strings.refresh}
        </Button>
      </div>
      {failure ? <FailureBox failure={failure} /> : null}
      {statistics === undefined || answered === undefined ? (
        <NoStatistics cancelled={cancelled} counting={progress !== undefined} />
      ) : (
        <StatisticsSheet statistics={statistics} pairing={answered.pairing} onGo={showRecord} />
      )}
    </section>
  );
}

/** Returns the statistics of the session, and keeps them up to date with its growth, the filter and the pairing. */
function useView(session: SessionView, filter: string, choice: Parameters<typeof pairingOf>[0]): StatisticsView {
  const { client } = useServices();
  const view = useMemo(() => new StatisticsView(client, session.id), [client, session.id]);
  useEffect(() => {
    view.setShown(true);
    return () => view.setShown(false);
  }, [view]);
  useEffect(() => view.setTotal(session.total), [view, session.total]);
  useEffect(() => view.ask({ filter, pairing: pairingOf(choice) }), [view, filter, choice]);
  return view;
}

/** The progress of a count. A short count ends before it is shown. */
function Counting({ progress, onCancel }: { readonly progress: number | undefined; readonly onCancel: () => void }) {
  if (progress === undefined || progress === 0) return <span className={styles.counting} />;
  const percent = Math.floor(progress * 100);
  return (
    <span className={styles.counting}>
      <progress aria-label={strings.progress} value={percent} max={100} /> {percent} %
      <Button small variant="ghost" onClick={onCancel}>
        {strings.cancel}
      </Button>
    </span>
  );
}

function NoStatistics({ cancelled, counting }: { readonly cancelled: boolean; readonly counting: boolean }) {
  if (counting) return <Empty title={strings.calculating} />;
  return (
    <Empty title={cancelled ? strings.cancelled : strings.none}>
      <p>{strings.noneHelp}</p>
    </Empty>
  );
}

import { useEffect, useRef, useState } from 'react';
import { recordingOf, waitingOf } from '../../client/live-store.ts';
import { useLive } from '../../client/use-services.ts';
import { classes } from '../../ui/classes.ts';
import { shownText } from '../../ui/escape-symbol.ts';
import { bytesText, countOf, countText } from '../../ui/figures.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import styles from './status-bar.module.css';

const samples = 32;
const sampleMs = 1_000;

/** The rate once a second, oldest first. */
function useRates(rate: number): readonly number[] {
  const [rates, setRates] = useState<readonly number[]>(() => Array.from({ length: samples }, () => 0));
  const latest = useRef(rate);
  useEffect(() => {
    latest.current = rate;
  });
  useEffect(() => {
    const timer = setInterval(
      () =>
        setRates((before) =>
          before.some(Boolean) || latest.current > 0 ? [...before.slice(1), latest.current] : before,
        ),
      sampleMs,
    );
    return () => clearInterval(timer);
  }, []);
  return rates;
}

/** What is recorded and how fast. */
export function StatusBar() {
  const session = useLive(recordingOf);
  const app = useLive((live) => live.app);
  const rates = useRates(session?.rate ?? 0);
  const connection = useLive((live) => live.connection);
  const waiting = useLive(waitingOf);
  const failed = session?.state === 'failed';
  return (
    <footer className={styles.bar}>
      {connection !== 'open' ? (
        <span className={styles.item}>
          <span className={classes(styles.dot, styles.gone)} aria-hidden />
          {connection === 'connecting' ? 'connecting to the engine' : 'not connected to the engine'}
        </span>
      ) : session ? (
        <>
          <span className={classes(styles.item, styles.name)} title={session.path}>
            <span className={classes(styles.dot, failed && styles.failed)} aria-hidden />
            {failed ? 'recording failed' : 'recording'} {shownText(session.name)}
          </span>
          <span className={styles.item}>{countOf(session.total, 'record')}</span>
          <span
            className={styles.item}
            title={waiting > 0 ? `${countOf(waiting, 'byte')} of incomplete messages` : undefined}
          >
            {bytesText(session.bytes + waiting)}
          </span>
          <span className={styles.item}>
            {countText(session.rate)} msg/s
            <span className={styles.spark}>
              <Sparkline values={rates} width={96} height={14} label="Messages a second, the last half minute" />
            </span>
          </span>
          <span className={classes(styles.item, session.problems > 0 && styles.problems)}>
            {countOf(session.problems, 'problem')}
          </span>
        </>
      ) : (
        <span className={styles.item}>nothing is recorded</span>
      )}
      <span className={classes(styles.item, styles.host)}>
        {app ? `${app.host === 'electron' ? 'desktop' : 'browser'} · ${app.runtime} · ${app.version}` : ''}
      </span>
    </footer>
  );
}

import { useEffect, useRef, useState } from 'react';
import { recordingOf, waitingOf } from '../../client/live-store.ts';
import { useLive } from '../../client/use-services.ts';
import { classes } from '../../ui/classes.ts';
import { shownText } from '../../ui/escape-symbol.ts';
import { bytesText } from '../../ui/figures.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import styles from './status-bar.module.css';
import { strings } from './strings.ts';

const samples = 32;
const sampleMs = 1_000;

/** Returns the rate sampled once a second, oldest first. */
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

/** The session being recorded, its size and its rate. */
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
          {connection === 'connecting' ? strings.connecting : strings.disconnected}
        </span>
      ) : session ? (
        <>
          <span className={classes(styles.item, styles.name)} title={session.path}>
            <span className={classes(styles.dot, failed && styles.failed)} aria-hidden />
            {failed ? strings.recordingFailed(shownText(session.name)) : strings.recording(shownText(session.name))}
          </span>
          <span className={styles.item}>{strings.records(session.total)}</span>
          <span className={styles.item} title={waiting > 0 ? strings.incomplete(waiting) : undefined}>
            {bytesText(session.bytes + waiting)}
          </span>
          <span className={styles.item}>
            {strings.rate(session.rate)}
            <span className={styles.spark}>
              <Sparkline values={rates} width={96} height={14} label={strings.rateChart} />
            </span>
          </span>
          <span className={classes(styles.item, session.problems > 0 && styles.problems)}>
            {strings.problems(session.problems)}
          </span>
        </>
      ) : (
        <span className={styles.item}>{strings.notRecording}</span>
      )}
      <span className={classes(styles.item, styles.host)}>
        {app ? `${app.host === 'electron' ? strings.desktop : strings.browser} · ${app.runtime} · ${app.version}` : ''}
      </span>
    </footer>
  );
}

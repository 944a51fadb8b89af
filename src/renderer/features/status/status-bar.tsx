import { useEffect, useRef, useState } from 'react';
import { byteCount } from '#shared/bytes/units.ts';
import { recordingOf, waitingOf } from '../../bridge/live-store.ts';
import { useLive } from '../../state/services.ts';
import { bytesText, classes, countOf, countText, shownText } from '../../ui/text.ts';
import styles from './status-bar.module.css';

/** The UI strings of the status bar. */
const strings = {
  connecting: 'connecting to the engine',
  disconnected: 'not connected to the engine',
  recording: (session: string) => `recording ${session}`,
  recordingFailed: (session: string) => `recording failed: ${session}`,
  notRecording: 'not recording',
  records: (count: number) => countOf(count, 'record'),
  incomplete: (bytes: number) => `includes ${byteCount(bytes)} of incomplete messages`,
  rate: (messages: number) => `${countText(messages)} msg/s`,
  rateChart: 'Messages/s, last 32 seconds',
  problems: (count: number) => countOf(count, 'problem'),
  desktop: 'desktop',
  browser: 'browser',
} as const;

interface SparklineProps {
  readonly values: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly label: string;
}

/** A bar chart of the last values, newest on the right, scaled to the highest. */
export function Sparkline({ values, width, height, label }: SparklineProps) {
  const top = Math.max(...values, 1);
  const step = width / values.length;
  const bars = values
    .map((value, index) => {
      const size = value === 0 ? 0 : Math.max(1, (value / top) * height);
      return `M${(index * step).toFixed(1)} ${height}v${(-size).toFixed(1)}h${Math.max(step - 1, 1).toFixed(1)}v${size.toFixed(1)}z`;
    })
    .join('');
  return (
    <svg width={width} height={height} role="img" aria-label={label} fill="var(--ink-faint)">
      <path d={`M0 ${height - 0.5}h${width}v0.5h-${width}z`} opacity="0.5" />
      <path d={bars} />
    </svg>
  );
}

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

import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand/react';
import type { Distribution, Rates } from '#shared/statistics/statistics.ts';
import { useServices } from '../../state/services.ts';
import { classes, countText, momentText } from '../../ui/text.ts';
import { barsOf, perSecond, spreadSentence, type ValueText } from './figures.ts';
import styles from './statistics.module.css';
import { strings } from './strings.ts';
import tables from './tables.module.css';

interface AsTableProps {
  readonly label: string;
  readonly head: readonly string[];
  /** Called when the table is opened. */
  readonly rows: () => readonly (readonly string[])[];
}

/** The values of a chart as a table, for exact values and screen readers. */
function AsTable({ label, head, rows }: AsTableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className={tables.figures} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={`${label} ${strings.spread.asTable}`}>{strings.spread.asTable}</summary>
      {open ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable element must be reachable by keyboard.
        <section className={tables.scrolls} tabIndex={0} aria-label={label}>
          <table className={tables.table}>
            <thead>
              <tr>
                {head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows().map((cells) => (
                <tr key={cells[0]}>
                  {cells.map((cell, column) => (
                    <td key={head[column]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </details>
  );
}

const texts = strings.rates;

interface RateChartProps {
  readonly title: string;
  readonly unit: string;
  readonly rates: Rates;
  readonly received: readonly number[];
  readonly sent: readonly number[];
  readonly text: (value: number) => string;
}

const height = 190;

/** The rates of both directions over time, as two lines and as a table. */
export function RateChart({ title, unit, rates, received, sent, text }: RateChartProps) {
  const { theme } = useServices();
  const shown = useStore(theme, (state) => state.shown);
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const series = useMemo(
    () => ({
      at: received.map((_, step) => (rates.startAt + step * rates.stepMs) / 1_000),
      received: perSecond(rates, received),
      sent: perSecond(rates, sent),
    }),
    [rates, received, sent],
  );
  const latest = useRef(series);
  const update = useRef<(() => void) | undefined>(undefined);

  // A canvas does not follow the CSS tokens: the chart is drawn again when the theme or the width changes.
  useEffect(() => {
    const element = place.current;
    if (!element || width === 0) return;
    let ended = false;
    let destroy = () => {};
    void import('./uplot-chart.ts').then(({ drawRates, updateRates }) => {
      if (ended) return;
      element.dataset.theme = shown;
      const chart = drawRates(element, latest.current, { width, height, unit, text });
      update.current = () => updateRates(chart, latest.current);
      destroy = () => chart.destroy();
    });
    return () => {
      ended = true;
      update.current = undefined;
      destroy();
    };
  }, [width, shown, unit, text]);
  useEffect(() => {
    latest.current = series;
    update.current?.();
  }, [series]);

  const peak = (counts: readonly number[]) => text(Math.max(0, ...perSecond(rates, counts)));
  const sentence = texts.peaks(title, `${peak(received)} ${unit}`, `${peak(sent)} ${unit}`);
  return (
    <figure className={styles.chart} aria-label={title}>
      <figcaption className={styles.caption}>
        <span className={styles.name}>{title}</span>
        <span className={styles.peak}>
          {texts.peak} <span className={styles.in}>{texts.in(peak(received))}</span>{' '}
          <span className={styles.out}>{texts.out(peak(sent))}</span>
        </span>
      </figcaption>
      <div ref={place} className={styles.canvas} role="img" aria-label={sentence} />
      <AsTable
        label={title}
        head={[texts.from, texts.received, texts.sent]}
        rows={() =>
          received.map((count, step) => [
            momentText(rates.startAt + step * rates.stepMs),
            `${text((count * 1_000) / rates.stepMs)} ${unit}`,
            `${text(((sent[step] ?? 0) * 1_000) / rates.stepMs)} ${unit}`,
          ])
        }
      />
    </figure>
  );
}

const spreadTexts = strings.spread;

interface SpreadChartProps {
  readonly title: string;
  readonly spread: Distribution;
  readonly text: ValueText;
  /** The colour of the bars: that of a direction, or neutral. */
  readonly tone: 'in' | 'out' | 'plain';
}

const width = 240;
const barHeight = 72;
/** With fewer buckets the bars do not fill the width, so that a single value is not one wide block. */
const fewBars = 12;
const markCount = 5;

/** A histogram of a distribution, with its percentiles. */
export function SpreadChart({ title, spread, text, tone }: SpreadChartProps) {
  const { buckets, count } = spread;
  const sentence = `${title}: ${spreadSentence(spread, text)}`;
  return (
    <figure className={styles.chart} aria-label={title}>
      <figcaption className={styles.caption}>
        <span className={styles.name}>{title}</span>
        <span className={styles.peak}>{countText(count)}</span>
      </figcaption>
      {count === 0 ? (
        <p className={styles.nothing}>{spreadTexts.noValues}</p>
      ) : (
        <>
          <Bars buckets={buckets} sentence={sentence} tone={tone} text={text} />
          <Percentiles spread={spread} text={text} />
          <AsTable
            label={title}
            head={[spreadTexts.from, spreadTexts.to, spreadTexts.count]}
            rows={() => buckets.map(({ from, to, count: times }) => [text(from), text(to), countText(times)])}
          />
        </>
      )}
    </figure>
  );
}

interface BarsProps extends Pick<SpreadChartProps, 'text' | 'tone'> {
  readonly buckets: Distribution['buckets'];
  readonly sentence: string;
}

function Bars({ buckets, sentence, tone, text }: BarsProps) {
  const { bars, marks } = barsOf(buckets, markCount);
  const share = Math.min(1, buckets.length / fewBars);
  return (
    <>
      <svg
        className={classes(styles.bars, styles[tone])}
        viewBox={`0 0 ${width} ${barHeight}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={sentence}
      >
        {bars.map((bar, index) => {
          const { from, to, count } = buckets[index] as Distribution['buckets'][0];
          const size = count === 0 ? 0 : Math.max(1.5, bar.height * (barHeight - 2));
          return (
            <rect
              key={from}
              x={bar.at * width * share}
              y={barHeight - size}
              width={Math.max(0.75, bar.width * width * share - 1)}
              height={size}
              fill="currentColor"
            >
              <title>{spreadTexts.bucket(text(from), text(to), count)}</title>
            </rect>
          );
        })}
      </svg>
      <p className={styles.marks} aria-hidden>
        {(share < 1 ? [buckets[0]?.from ?? 0] : marks).map((value) => (
          <span key={value}>{text(value)}</span>
        ))}
      </p>
    </>
  );
}

/** The mean and the percentiles of a distribution. */
function Percentiles({ spread, text }: { readonly spread: Distribution; readonly text: ValueText }) {
  const figures = [
    [spreadTexts.mean, spread.mean],
    ['p50', spread.p50],
    ['p90', spread.p90],
    ['p99', spread.p99],
    ['p99.9', spread.p999],
    [spreadTexts.max, spread.max],
  ] as const;
  return (
    <dl className={styles.percentiles}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

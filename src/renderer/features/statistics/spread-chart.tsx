import type { Distribution } from '#shared/statistics/statistics.ts';
import { classes, countText } from '../../ui/text.ts';
import { barsOf, spreadSentence, type ValueText } from './figures.ts';
import { AsTable } from './rate-chart.tsx';
import styles from './statistics.module.css';
import { strings } from './strings.ts';

const texts = strings.spread;

interface SpreadChartProps {
  readonly title: string;
  readonly spread: Distribution;
  readonly text: ValueText;
  /** The colour of the bars: that of a direction, or neutral. */
  readonly tone: 'in' | 'out' | 'plain';
}

const width = 240;
const height = 72;
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
        <p className={styles.nothing}>{texts.noValues}</p>
      ) : (
        <>
          <Bars buckets={buckets} sentence={sentence} tone={tone} text={text} />
          <Percentiles spread={spread} text={text} />
          <AsTable
            label={title}
            head={[texts.from, texts.to, texts.count]}
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
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={sentence}
      >
        {bars.map((bar, index) => {
          const { from, to, count } = buckets[index] as Distribution['buckets'][0];
          const size = count === 0 ? 0 : Math.max(1.5, bar.height * (height - 2));
          return (
            <rect
              key={from}
              x={bar.at * width * share}
              y={height - size}
              width={Math.max(0.75, bar.width * width * share - 1)}
              height={size}
              fill="currentColor"
            >
              <title>{texts.bucket(text(from), text(to), count)}</title>
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
    [texts.mean, spread.mean],
    ['p50', spread.p50],
    ['p90', spread.p90],
    ['p99', spread.p99],
    ['p99.9', spread.p999],
    [texts.max, spread.max],
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

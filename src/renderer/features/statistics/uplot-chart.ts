// The chart of rates. Loaded when statistics are first shown, to keep the page's start fast.
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { strings } from './strings.ts';

interface RateSeries {
  /** Times in seconds since the epoch, and the values at each. */
  readonly at: readonly number[];
  readonly received: readonly number[];
  readonly sent: readonly number[];
}

interface RateChartOptions {
  readonly width: number;
  readonly height: number;
  /** Unit of the values, for the legend: `/s`. */
  readonly unit: string;
  readonly text: (value: number) => string;
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const two = (value: number) => String(value).padStart(2, '0');

/** Formats a time on the axis, as precisely as the distance between marks requires. */
function axisText(at: number, step: number): string {
  const date = new Date(at * 1_000);
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (step >= 60) return minutes;
  if (step >= 1) return `${minutes}:${two(date.getSeconds())}`;
  const digits = step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
  return `${two(date.getMinutes())}:${(date.getSeconds() + (at % 1)).toFixed(digits).padStart(3 + digits, '0')}`;
}

/** Draws two lines over time into `element`, in the colours of the two directions. Returns the chart. */
export function drawRates(element: HTMLElement, series: RateSeries, options: RateChartOptions): uPlot {
  const font = `11px ${token('font-ui')}`;
  const axis = {
    stroke: token('ink-faint'),
    font,
    grid: { stroke: token('line'), width: 1 },
    ticks: { stroke: token('line'), width: 1, size: 4 },
    border: { show: false },
  };
  const line = (label: string, color: string): uPlot.Series => ({
    label,
    stroke: color,
    fill: `${color}22`,
    width: 1.5,
    points: { show: false },
    value: (_, value) => (value === null ? '–' : `${options.text(value)} ${options.unit}`),
    ...(uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
  });
  return new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [8, 8, 0, 0],
      cursor: { drag: { x: true, y: false }, points: { size: 5 } },
      legend: { live: true },
      scales: { x: { time: true }, y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] } },
      axes: [
        { ...axis, size: 28, values: (_, marks, __, ___, step) => marks.map((at) => axisText(at, step)) },
        { ...axis, size: 58, values: (_, marks) => marks.map((value) => options.text(value)) },
      ],
      series: [
        { label: strings.rates.time, value: (_, at) => (at === null ? '–' : axisText(at, 0.001)) },
        line(strings.rates.received, token('in')),
        line(strings.rates.sent, token('out')),
      ],
    },
    dataOf(series),
    element,
  );
}

/** Updates the data of `chart`, and keeps the user's zoom. */
export function updateRates(chart: uPlot, series: RateSeries): void {
  const [before] = chart.data;
  const { min, max } = chart.scales.x ?? {};
  const isZoomed = min !== undefined && max !== undefined && (min > (before[0] ?? min) || max < (before.at(-1) ?? max));
  chart.setData(dataOf(series), !isZoomed);
  // uPlot redraws automatically only with new scales.
  if (isZoomed) chart.redraw();
}

function dataOf({ at, received, sent }: RateSeries): uPlot.AlignedData {
  return [[...at], [...received], [...sent]];
}

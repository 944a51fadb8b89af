import type { Distribution, Flow, Rates } from '#shared/statistics/statistics.ts';
import { bytesText, countText } from '../../ui/text.ts';
import { strings } from './strings.ts';

/** Formats milliseconds: `350 µs`, `12 ms`, `1.4 s`, `3 min 20 s`, `2 h 5 min`. */
export function msText(ms: number): string {
  if (ms === 0) return '0 ms';
  if (ms < 0.9995) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 99_500) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** Formats a rate per second with about three digits. */
export function rateText(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond < 9.95) return perSecond.toFixed(1);
  if (perSecond < 99_950) return countText(perSecond);
  return perSecond < 999_500 ? `${Math.round(perSecond / 1_000)} k` : `${(perSecond / 1_000_000).toFixed(1)} M`;
}

/** Steps with fewer messages than this, on average, are noise: one message in 8 ms is not a rate of 125 messages/s. */
const fullStep = 8;
/** A step of this length (milliseconds) always has a rate: one message in it is 1 message/s or less. */
const longStepMs = 1_000;
const fewestSteps = 32;

/**
 * Doubles the steps of `rates` until they contain enough messages, or last at least a second and are about 32 in number. A
 * few messages within a second thus become one step.
 */
export function readableRates(rates: Rates): Rates {
  const { messagesIn, messagesOut, bytesIn, bytesOut, startAt, stepMs } = rates;
  const steps = messagesIn.length;
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const messages = sum(messagesIn) + sum(messagesOut);
  if (messages >= steps * fullStep || (stepMs >= longStepMs && steps < fewestSteps * 2)) return rates;
  return readableRates({
    startAt,
    stepMs: stepMs * 2,
    messagesIn: pairSums(messagesIn),
    messagesOut: pairSums(messagesOut),
    bytesIn: pairSums(bytesIn),
    bytesOut: pairSums(bytesOut),
  });
}

function pairSums(counts: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(counts.length / 2) }, (_, pair) => {
    return (counts[pair * 2] as number) + (counts[pair * 2 + 1] ?? 0);
  });
}

/** Converts the counts of the steps of `rates` to rates per second. */
export function perSecond({ stepMs }: Rates, counts: readonly number[]): number[] {
  return counts.map((count) => (count * 1_000) / stepMs);
}

/** Returns true if `messages` within `ms` have a meaningful rate. One message, or a few within a second, do not. */
export function hasRate(messages: number, ms: number): boolean {
  return messages >= 2 && ms > 0 && (ms >= longStepMs || messages >= fewestSteps);
}

/** Returns the mean rate per second of `count` over `ms` milliseconds (greater than 0). */
export function meanRate(count: number, ms: number): number {
  return (count * 1_000) / ms;
}

export type ValueText = (value: number) => string;
export const sizeText: ValueText = (bytes) => bytesText(Math.round(bytes));

/** Describes the distribution in one sentence, as the text alternative of its chart. */
export function spreadSentence({ count, min, p50, p90, p99, max }: Distribution, text: ValueText): string {
  if (count === 0) return strings.spread.noValues;
  return strings.spread.sentence(count, {
    min: text(min),
    p50: text(p50),
    p90: text(p90),
    p99: text(p99),
    max: text(max),
  });
}

export type FlowColumn = 'socket' | 'direction' | 'messages' | 'bytes' | 'size' | 'gap' | 'gap99';

const values: Readonly<Record<FlowColumn, (flow: Flow) => number>> = {
  socket: ({ socket }) => socket,
  direction: ({ direction }) => (direction === 'in' ? 0 : 1),
  messages: ({ messages }) => messages,
  bytes: ({ bytes }) => bytes,
  size: ({ sizes }) => sizes.p50,
  gap: ({ gaps }) => gaps.p50,
  gap99: ({ gaps }) => gaps.p99,
};

/** Sorts `flows` by a column; equal flows by bytes, most first. */
export function sortFlows(flows: readonly Flow[], column: FlowColumn, descending: boolean): Flow[] {
  const value = values[column];
  const sign = descending ? -1 : 1;
  return flows.toSorted((a, b) => sign * (value(a) - value(b)) || b.bytes - a.bytes || a.socket - b.socket);
}

/** A bar of a histogram: position and width on an axis from 0 to 1, height relative to the highest bar. */
interface Bar {
  readonly at: number;
  readonly width: number;
  readonly height: number;
}

interface BarChart {
  readonly bars: readonly Bar[];
  /** Values at equal distances on the axis, including both ends. */
  readonly marks: readonly number[];
}

/**
 * Returns the bars of a histogram. Its axis is logarithmic except for the first step, like the resolution of the measured
 * values. Buckets differ in width, so the area of a bar, not its height, represents its count.
 */
export function barsOf(buckets: Distribution['buckets'], markCount: number): BarChart {
  const [first] = buckets;
  const last = buckets.at(-1);
  if (first === undefined || last === undefined) return { bars: [], marks: [] };
  const step = first.to - first.from;
  const place = (value: number) => Math.log2(1 + value / step);
  const start = place(first.from);
  const span = place(last.to) - start;
  const densities = buckets.map(({ from, to, count }) => count / (place(to) - place(from)));
  const top = Math.max(...densities);
  const bars = buckets.map(({ from, to }, at) => ({
    at: (place(from) - start) / span,
    width: (place(to) - place(from)) / span,
    height: (densities[at] as number) / top,
  }));
  const marks = Array.from({ length: markCount }, (_, mark) => {
    const share = mark / (markCount - 1);
    return step * (2 ** (start + span * share) - 1);
  });
  return { bars, marks };
}

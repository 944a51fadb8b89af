import type { Distribution, Flow, ReplyTimes, Statistics } from '#shared/statistics/statistics.ts';
import { socketInfo, startAt } from './recorded-session.ts';

/** Values that all lie in one bucket each, `[value, value + 1)`. */
export function distribution(...values: number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const counts = new Map<number, number>();
  for (const value of sorted) counts.set(value, (counts.get(value) ?? 0) + 1);
  return {
    count: sorted.length,
    min: at(0),
    max: sorted.at(-1) ?? 0,
    mean: sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length),
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    p999: at(0.999),
    buckets: [...counts].map(([from, count]) => ({ from, to: from + 1, count })),
  };
}

export function flow(socket: number, direction: 'in' | 'out', sizes: readonly number[], gaps: readonly number[]): Flow {
  return {
    socket,
    direction,
    messages: sizes.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    firstAt: startAt,
    lastAt: startAt + 22_000,
    sizes: distribution(...sizes),
    gaps: distribution(...gaps),
  };
}

export function replyTimes(change: Partial<ReplyTimes> = {}): ReplyTimes {
  return {
    requests: 3,
    replies: 3,
    unanswered: 1,
    duplicates: 0,
    unexpected: 1,
    unkeyed: 0,
    untimed: 0,
    times: distribution(19_100, 2_000),
    slowest: [
      { request: 0, reply: 5, ms: 19_100 },
      { request: 1, reply: 6, ms: 2_000 },
    ],
    firstUnanswered: [2],
    ...change,
  };
}

/** Socket 1 has received 3 messages and sent 2, socket 2 has sent one. */
export function statisticsValue(change: Partial<Statistics> = {}): Statistics {
  return {
    records: 8,
    events: 2,
    problems: 0,
    firstAt: startAt,
    lastAt: startAt + 22_000,
    socketCount: 2,
    total: [flow(0, 'in', [8, 8, 9], [1_000, 2_000]), flow(0, 'out', [90, 90, 5], [500])],
    flows: [flow(1, 'in', [8, 8, 9], [1_000, 2_000]), flow(1, 'out', [90, 90], [500]), flow(2, 'out', [5], [])],
    moreFlows: 0,
    sockets: [socketInfo({ id: 1 }), socketInfo({ id: 2, peer: '127.0.0.1:50002' })],
    untracked: 0,
    rates: {
      startAt,
      stepMs: 1_000,
      messagesIn: [2, 0, 1],
      messagesOut: [0, 3, 0],
      bytesIn: [16, 0, 9],
      bytesOut: [0, 185, 0],
    },
    replies: replyTimes(),
    ...change,
  };
}

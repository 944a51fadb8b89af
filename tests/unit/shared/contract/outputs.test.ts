import { describe, expect, test } from 'vitest';
import { contract } from '#shared/contract/contract.ts';
import { statisticsSchema } from '#shared/contract/questions/statistics.ts';
import { rowSchema, socketEventSchema, socketInfoSchema } from '#shared/contract/records.ts';
import type { Row } from '#shared/record/record.ts';
import { Histogram } from '#shared/statistics/histogram.ts';
import { OrderPairs } from '#shared/statistics/pairs.ts';
import { RateBins } from '#shared/statistics/rate-bins.ts';
import type { Flow, Statistics } from '#shared/statistics/statistics.ts';
import { everyEvent } from '#support/every-event.ts';
import { acceptedSocket } from '#support/session.ts';

/** Statistics as the counting code makes them. */
function statistics(): Statistics {
  const histogram = new Histogram();
  for (const value of [5, 5, 6]) histogram.add(value);
  const sizes = histogram.distribution();
  const gaps = new Histogram().distribution();
  const flow = (direction: 'in' | 'out', socket = 0): Flow => ({
    ...{ socket, direction, messages: 3, bytes: 321, firstAt: 1, lastAt: 2.5, sizes, gaps },
  });
  const pairs = new OrderPairs();
  pairs.request(0, 1, 1);
  pairs.reply(0, 2, 5);
  pairs.request(0, 3, 6);
  const bins = new RateBins();
  bins.add(0, 1_000, 5);
  bins.add(1, 2_000, 6);
  return {
    ...{ records: 7, events: 1, problems: 0, firstAt: 1, lastAt: 2.5, socketCount: 1 },
    total: [flow('in'), flow('out')],
    flows: [flow('in', 1)],
    moreFlows: 0,
    sockets: [acceptedSocket],
    untracked: 0,
    rates: bins.rates(),
    replies: pairs.times(),
  };
}

/** Every value that is `whole` but for one field, at any depth: taken away, or of another type. */
function* spoilt(whole: object): Generator<{ readonly what: string; readonly value: unknown }> {
  for (const [key, field] of Object.entries(whole)) {
    const { [key]: _, ...rest } = whole as Record<string, unknown>;
    if (!Array.isArray(whole)) yield { what: `without ${key}`, value: rest };
    const put = (value: unknown) =>
      Array.isArray(whole) ? whole.with(Number(key), value) : { ...whole, [key]: value };
    yield { what: `${key} of another type`, value: put(Symbol.iterator) };
    if (typeof field !== 'object' || field === null) continue;
    for (const { what, value } of spoilt(field)) yield { what: `${key}: ${what}`, value: put(value) };
  }
}

describe('statistics for the page', () => {
  test('are taken as they were counted, every field of them', () => {
    expect(statisticsSchema.parse(statistics())).toEqual(statistics());
    expect(contract['sessions.statistics'].output).toBe(statisticsSchema);
  });

  test('are refused where any field of them is missing or of another type', () => {
    const wrong = [...spoilt(statistics())];
    expect(wrong.length).toBeGreaterThan(200);
    expect(wrong.filter(({ value }) => statisticsSchema.safeParse(value).success)).toEqual([]);
  });

  test.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['one total', { ...statistics(), total: statistics().total.slice(1) }],
    ['a count below 0', { ...statistics(), records: -1 }],
    ['a time that is no number', { ...statistics(), lastAt: Number.NaN }],
  ])('are refused as %s', (_, value) => {
    expect(statisticsSchema.safeParse(value).success).toBe(false);
  });
});

describe('a socket for the page', () => {
  test('is taken as it is', () => {
    expect(socketInfoSchema.parse(acceptedSocket)).toEqual(acceptedSocket);
  });

  test('is refused where any field of it is missing or of another type', () => {
    const wrong = [...spoilt(acceptedSocket)];
    expect(wrong).toHaveLength(16);
    expect(wrong.filter(({ value }) => socketInfoSchema.safeParse(value).success)).toEqual([]);
  });
});

describe('an event for the page', () => {
  test.each(everyEvent)('of kind $kind is taken as it is, alone and in its row', (event) => {
    expect(socketEventSchema.parse(event)).toEqual(event);
    const place = { seq: 1, at: 2, socket: 3, offset: 0, length: 0, head: 0, tail: 0, flags: 0, preview: 'p' };
    const row: Row = { ...place, kind: event.kind, event };
    expect(rowSchema.parse(row)).toEqual(row);
  });

  test('is refused where it is another kind’s, or its parts are of another type', () => {
    const refused: unknown[] = [
      {},
      { kind: 'in' },
      { kind: 'accepted', listener: 1 },
      { kind: 'problem', text: 7 },
      { kind: 'closed', cause: 'bored', bytesIn: 0, bytesOut: 0 },
      { kind: 'failed', call: 'ioctl', errno: 'E', text: '' },
      { kind: 'listening', local: { host: 'a', port: 1, family: 5 }, backlog: 1 },
    ];
    for (const event of refused) expect(socketEventSchema.safeParse(event).success, JSON.stringify(event)).toBe(false);
  });
});

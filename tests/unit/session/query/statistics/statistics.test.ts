import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statisticsOf } from '#session/query/questions/statistics.ts';
import { Reader } from '#session/query/reader.ts';
import { kindOfCode } from '#shared/record/record.ts';
import { percentileError } from '#shared/statistics/histogram.ts';
import { maxFlows, type Pairing, type Statistics } from '#shared/statistics/statistics.ts';
import { cases, Reached } from '#support/cases.ts';
import { answerOf } from '#support/session.ts';
import { type Message, messagesStartAt, writeMessages } from '#support/session-messages.ts';
import { type Expected, type Step, steps, writeSession } from '#support/session-script.ts';

const idle = { isCancelled: () => false, onProgress: () => undefined };
const inOrder: Pairing = { kind: 'order' };

let folder = '';
let files = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The statistics of a session file that `write` makes. */
async function statisticsOfFile(
  write: (path: string) => void,
  options: { filter?: string; pairing?: Pairing } = {},
): Promise<Statistics> {
  files += 1;
  const path = join(folder, `${files}.wirebench`);
  write(path);
  const reader = new Reader(path, false);
  try {
    answerOf(reader.open(Number.POSITIVE_INFINITY));
    return answerOf(await statisticsOf(reader.index, { pairing: inOrder, ...options, ...idle }));
  } finally {
    reader.close();
  }
}

function scripted(script: readonly Step[]): { path: (path: string) => void; expected: () => Expected[] } {
  let expected: Expected[] = [];
  return {
    path: (path) => {
      expected = writeSession(path, script, true).expected;
    },
    expected: () => expected,
  };
}

/** Plain counting, one record after the other. Times in whole microseconds. */
function flowOf(records: readonly Expected[], direction: 'in' | 'out', socket?: number) {
  const own = records.filter((record) => record.kind === direction && (socket ?? record.socket) === record.socket);
  const sizes = own.map(({ bytes }) => bytes.length);
  const latest = own.map((_, index) => Math.max(...own.slice(0, index + 1).map(({ at }) => at)));
  const gaps = own.slice(1).map(({ at }, before) => Math.max(0, Math.round((at - (latest[before] ?? 0)) * 1_000)));
  return { messages: own.length, bytes: sizes.reduce((sum, size) => sum + size, 0), sizes, gaps };
}

function expectSpread(found: Statistics['total'][0]['sizes'], list: readonly number[], unit: number): void {
  expect(found.count).toBe(list.length);
  const sorted = list.toSorted((a, b) => a - b).map((value) => value / unit);
  expect(found.min).toBeCloseTo(sorted[0] ?? 0, 2);
  expect(found.max).toBeCloseTo(sorted.at(-1) ?? 0, 2);
  for (const [share, value] of [[0.5, found.p50] as const, [0.9, found.p90] as const, [0.99, found.p99] as const]) {
    const exact = sorted[Math.ceil(share * list.length - 1e-9) - 1] ?? 0;
    // Besides the histogram's error, a time in the file is off by half a microsecond.
    expect(Math.abs(value - exact)).toBeLessThanOrEqual(exact * percentileError + 2 / unit);
  }
}

describe('statistics of a session', () => {
  it('are those of plain counting, in all and for each socket and direction', async () => {
    const reached = new Reached<'no messages' | 'one message' | 'several messages'>();
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const { path, expected } = scripted(script);
        const statistics = await statisticsOfFile(path);
        const records = expected();
        const isEvent = (kind: string) => kind !== 'in' && kind !== 'out';
        expect(statistics.records).toBe(records.length);
        expect(statistics.events).toBe(records.filter(({ kind }) => isEvent(kind)).length);
        expect(statistics.problems).toBe(
          records.filter(({ kind }) => ['failed', 'limited', 'problem', 'malformed'].includes(kind)).length,
        );
        expect(statistics.socketCount).toBe(new Set(records.map(({ socket }) => socket)).size);
        const flows = [...statistics.total, ...statistics.flows];
        for (const flow of flows) {
          const naive = flowOf(records, flow.direction, flow.socket === 0 ? undefined : flow.socket);
          expect({ messages: flow.messages, bytes: flow.bytes }).toEqual({
            messages: naive.messages,
            bytes: naive.bytes,
          });
          reached.note((['no messages', 'one message'] as const)[naive.messages] ?? 'several messages');
          expectSpread(flow.sizes, naive.sizes, 1);
          expectSpread(flow.gaps, naive.gaps, 1_000);
        }
        const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
        expect(sum(statistics.rates.bytesIn)).toBe(statistics.total[0].bytes);
        expect(sum(statistics.rates.messagesOut)).toBe(statistics.total[1].messages);
        expect(sum(statistics.flows.map(({ messages }) => messages))).toBe(
          statistics.total[0].messages + statistics.total[1].messages,
        );
      }),
      cases(60),
    );
    reached.expectEach(['no messages', 'one message', 'several messages']);
  });

  it('tell the busiest flows one by one and how many more there are, with the sizes of those that come late', async () => {
    const sockets = 1_500;
    const messages: Message[] = [];
    for (let socket = 1; socket <= sockets; socket += 1) {
      // The last sockets are the busiest, and each sends twice.
      for (const again of [0, 1]) {
        messages.push({ socket, direction: 'in', at: socket * 10 + again * 3, bytes: Buffer.alloc(socket) });
      }
    }
    const statistics = await statisticsOfFile((path) => writeMessages(path, messages));
    expect(statistics.flows).toHaveLength(maxFlows);
    expect(statistics.moreFlows).toBe(sockets - maxFlows);
    expect(statistics.untracked).toBe(0);
    for (const [place, flow] of statistics.flows.entries()) {
      expect(flow.socket).toBe(sockets - place);
      expect(flow.sizes).toMatchObject({ count: 2, min: flow.socket, max: flow.socket });
      expect(flow.gaps).toMatchObject({ count: 1, min: 3, max: 3 });
    }
    expect(statistics.sockets.map(({ id }) => id)).toEqual(statistics.flows.map(({ socket }) => socket));
  });

  it('count gaps from the latest time so far, and the first and last time by the clock, where records are out of order', async () => {
    const times = [100, 40, 110, 90, 130];
    const messages = times.map((at) => ({ socket: 1, direction: 'in', at, bytes: Buffer.from('x') }) as const);
    const { total, flows, firstAt, lastAt } = await statisticsOfFile((path) => writeMessages(path, messages));
    for (const flow of [total[0], ...flows]) {
      expect(flow.gaps).toMatchObject({ count: 4, min: 0, max: 20 });
      expect([flow.firstAt, flow.lastAt].map((at) => at - messagesStartAt)).toEqual([40, 130]);
    }
    expect([firstAt, lastAt].map((at) => at - messagesStartAt)).toEqual([40, 130]);
  });

  it('count sockets with any number as their id', async () => {
    const ids = [1, 1_048_575, 1_048_576, 0xffff_ffff];
    const messages = ids.map((socket) => ({ socket, direction: 'out', at: 1, bytes: Buffer.from('x') }) as const);
    const statistics = await statisticsOfFile((path) => writeMessages(path, [...messages, ...messages]));
    expect(statistics.flows.map(({ socket, messages: count }) => [socket, count])).toEqual(ids.map((id) => [id, 2]));
  });

  it('are zeros for a session without a record', async () => {
    const statistics = await statisticsOfFile((path) => writeMessages(path, []));
    expect(statistics).toMatchObject({ records: 0, firstAt: 0, lastAt: 0, flows: [], moreFlows: 0, socketCount: 0 });
    expect(statistics.rates.messagesIn).toEqual([]);
    expect(statistics.replies).toMatchObject({ requests: 0, unanswered: 0, slowest: [], firstUnanswered: [] });
  });

  it('stop when they are cancelled', async () => {
    const path = join(folder, 'cancel.wirebench');
    writeSession(path, [{ do: 'event', socket: 1, event: { kind: 'ended' } }], true);
    const reader = new Reader(path, false);
    answerOf(reader.open(Number.POSITIVE_INFINITY));
    const result = await statisticsOf(reader.index, { pairing: inOrder, ...idle, isCancelled: () => true });
    reader.close();
    expect(result).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });

  it('know the kinds of the file by the numbers that the loops compare', () => {
    expect([kindOfCode(0), kindOfCode(1)]).toEqual(['in', 'out']);
  });
});

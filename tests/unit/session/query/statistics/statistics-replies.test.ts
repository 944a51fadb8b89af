import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statisticsOf } from '#session/query/questions/statistics.ts';
import { Reader } from '#session/query/reader.ts';
import type { Failure } from '#shared/failure.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Pairing, ReplyTimes } from '#shared/statistics/statistics.ts';
import { cases } from '#support/cases.ts';
import { answerOf } from '#support/session.ts';
import { type Message, writeMessages } from '#support/session-messages.ts';

const idle = { isCancelled: () => false, onProgress: () => undefined };
const inOrder: Pairing = { kind: 'order' };
const byId: Pairing = { kind: 'path', request: 'json.id', reply: 'json.re' };

let folder = '';
let files = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function counted(messages: readonly Message[], pairing: Pairing, outgoing: readonly number[]) {
  files += 1;
  const path = join(folder, `${files}.wirebench`);
  writeMessages(path, messages, outgoing);
  const reader = new Reader(path, false);
  try {
    answerOf(reader.open(Number.POSITIVE_INFINITY));
    return await statisticsOf(reader.index, { pairing, ...idle });
  } finally {
    reader.close();
  }
}

async function repliesOf(
  messages: readonly Message[],
  pairing: Pairing,
  outgoing: readonly number[] = [],
): Promise<ReplyTimes> {
  return answerOf(await counted(messages, pairing, outgoing)).replies;
}

async function failureOf(pairing: Pairing): Promise<Failure> {
  const result = await counted([], pairing, []);
  if (result.ok) throw new Error('it did not fail');
  return result.error;
}

/** A message of socket 1, or of another. */
function message(direction: 'in' | 'out', at: number, text: string, socket = 1, flags = 0): Message {
  return { socket, direction, at, bytes: Buffer.from(text), flags };
}

/** The shape that a test reads at a glance. */
function summary({ requests, replies, unanswered, duplicates, unexpected, unkeyed, times }: ReplyTimes) {
  return { requests, replies, unanswered, duplicates, unexpected, unkeyed, pairs: times.count };
}

/** Traffic of three sockets, of which the third connected itself; keys come again and again. */
const traffic: fc.Arbitrary<Talk[]> = fc.array(
  fc.record({
    socket: fc.integer({ min: 1, max: 3 }),
    isRequest: fc.boolean(),
    after: fc.integer({ min: 0, max: 20 }),
    key: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  }),
  { maxLength: 120 },
);
const connecting = 3;

function messagesOf(list: readonly Talk[]): Message[] {
  let at = 0;
  return list.map(({ socket, isRequest, after, key }) => {
    at += after;
    const direction = isRequest === (socket === connecting) ? 'out' : 'in';
    return message(direction, at, JSON.stringify(isRequest ? { id: key } : { re: key }), socket);
  });
}

interface Talk {
  readonly socket: number;
  readonly isRequest: boolean;
  readonly after: number;
  readonly key: number | undefined;
}

/** Pairs by comparing with everything that came before. */
function naive(list: readonly Talk[], byKey: boolean) {
  const waiting: { socket: number; key: number | undefined; seq: number; at: number }[] = [];
  const answered = new Set<string>();
  const found = { requests: 0, replies: 0, unanswered: 0, duplicates: 0, unexpected: 0, unkeyed: 0, pairs: 0 };
  const pairs: { request: number; reply: number; ms: number }[] = [];
  let at = 0;
  for (const [seq, { socket, isRequest, after, key }] of list.entries()) {
    at += after;
    const name = `${socket} ${key}`;
    const place = waiting.findIndex((one) => one.socket === socket && (!byKey || one.key === key));
    if (byKey && key === undefined) found.unkeyed += 1;
    else if (isRequest) {
      found.requests += 1;
      const waits = byKey && place >= 0;
      if (byKey && (waits || answered.has(name))) found.duplicates += 1;
      if (!waits) waiting.push({ socket, key, seq, at });
    } else {
      found.replies += 1;
      const request = waiting[place];
      if (request) {
        waiting.splice(place, 1);
        answered.add(name);
        found.pairs += 1;
        pairs.push({ request: request.seq, reply: seq, ms: at - request.at });
      } else if (byKey && answered.has(name)) found.duplicates += 1;
      else found.unexpected += 1;
    }
  }
  found.unanswered = waiting.length;
  const slowest = pairs.toSorted((a, b) => b.ms - a.ms).slice(0, 20);
  return { found, pairs, slowest, first: waiting.map(({ seq }) => seq).slice(0, 20) };
}

describe('reply times', () => {
  it.each([
    ['in order', inOrder],
    ['by path', byId],
  ])('pair %s as comparing each with all before does', async (_, pairing) => {
    await fc.assert(
      fc.asyncProperty(traffic, async (list) => {
        const replies = await repliesOf(messagesOf(list), pairing, [connecting]);
        const { found, pairs, slowest, first } = naive(list, pairing.kind === 'path');
        expect(summary(replies)).toEqual(found);
        expect(replies.slowest.map(({ ms }) => ms)).toEqual(slowest.map(({ ms }) => ms));
        for (const pair of replies.slowest) expect(pairs).toContainEqual(pair);
        expect(replies.firstUnanswered).toEqual(first);
        expect(replies.untimed).toBe(0);
      }),
      cases(80),
    );
  });

  it('take what the connecting side sends for requests', async () => {
    const messages = [
      message('out', 0, 'a', 1),
      message('in', 5, 'b', 1),
      message('in', 6, 'a', 2),
      message('out', 13, 'b', 2),
    ];
    const replies = await repliesOf(messages, inOrder, [1]);
    expect(replies.slowest).toEqual([
      { request: 2, reply: 3, ms: 7 },
      { request: 0, reply: 1, ms: 5 },
    ]);
  });

  it('count a message in several records once, and bytes between messages not at all', async () => {
    const replies = await repliesOf(
      [
        message('in', 0, 'first piece', 1, messageFlags.truncated),
        message('in', 1, 'second piece', 1, messageFlags.truncated),
        message('in', 1, 'a part of a file', 1, messageFlags.part),
        message('in', 2, 'the rest'),
        message('in', 3, '  ', 1, messageFlags.filler),
        message('out', 4, 'reply'),
      ],
      inOrder,
    );
    expect(summary(replies)).toMatchObject({ requests: 1, replies: 1, pairs: 1, unanswered: 0, unexpected: 0 });
    expect(replies.slowest).toEqual([{ request: 0, reply: 5, ms: 4 }]);
  });

  it('pair by XML attributes, elements and JSON with each other', async () => {
    const messages = [
      message('in', 0, '<order id="7"><total>3</total></order>'),
      message('in', 1, '<order id="8"/>'),
      message('out', 3, '{"order":{"id":8}}'),
      message('out', 9, '{"order":{"id":"7"}}'),
      message('out', 10, 'nothing of the kind'),
    ];
    const pairing: Pairing = { kind: 'path', request: 'xml.order.@id', reply: 'json.order.id' };
    const replies = await repliesOf(messages, pairing);
    expect(summary(replies)).toMatchObject({ requests: 2, replies: 2, pairs: 2, unkeyed: 1 });
    expect(replies.slowest).toEqual([
      { request: 0, reply: 3, ms: 9 },
      { request: 1, reply: 2, ms: 2 },
    ]);
    const text = await repliesOf(
      [message('in', 0, '<a><id> 5 </id></a>'), message('out', 2, '<b><list><n>5</n><n>6</n></list></b>')],
      { kind: 'path', request: 'xml.a.id', reply: 'xml.b.list.n' },
    );
    expect(text.times).toMatchObject({ count: 1, max: 2 });
  });

  it('tell numbers apart that have more digits than a JavaScript number', async () => {
    const replies = await repliesOf(
      [
        message('in', 0, '{"id":9007199254740993}'),
        message('in', 1, '{"id":9007199254740992}'),
        message('out', 2, '{"re":9007199254740992}'),
      ],
      byId,
    );
    expect(replies.slowest).toEqual([{ request: 1, reply: 2, ms: 1 }]);
    expect(replies.firstUnanswered).toEqual([0]);
  });

  it.each(['', 'id', 'json.id == 3', 'json.', 'in'])(
    'refuse %j as a path, with words on how to write one',
    async (path) => {
      const ofRequest = await failureOf({ kind: 'path', request: path, reply: 'json.id' });
      expect(ofRequest).toMatchObject({ code: 'bad-input', message: expect.stringContaining('request') });
      expect(ofRequest.hint).toContain('json.id');
      const ofReply = await failureOf({ kind: 'path', request: 'json.id', reply: path });
      expect(ofReply.message).toContain('reply');
    },
  );
});

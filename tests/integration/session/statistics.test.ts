import { describe, expect, it } from 'vitest';
import type { SessionLog } from '#session/session.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { acceptedSocket, answerOf, recordLines, recordMessages, SessionFolder } from '#support/session.ts';

const inOrder = { kind: 'order' } as const;

/** Records `count` short messages in one batch: a block is full of them at any time. */
function recordMany(log: SessionLog, count: number): void {
  const chunk = Buffer.alloc(count * 8, '1234567\n');
  const boundaries = new Boundaries();
  for (let at = 1; at <= count; at += 1) boundaries.push(at * 8, 0, 1, 0);
  log.messages(1, 'in', Date.now(), new Uint8Array(0), chunk, boundaries);
}

describe('statistics from the reader thread', () => {
  it('count a live session as far as it is written, and a saved one the same', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    log.describe(acceptedSocket);
    recordLines(log, 2_500);
    await log.flush();
    expect(answerOf(await log.ask('statistics', { pairing: inOrder }))).toMatchObject({
      records: 2_500,
      socketCount: 1,
    });
    recordMessages(log, 'out', [Buffer.from('reply\n')], 1);
    await log.flush();
    const live = answerOf(await log.ask('statistics', { pairing: inOrder }));
    expect(live).toMatchObject({ records: 2_501, replies: { requests: 2_500, replies: 1, unanswered: 2_499 } });
    expect(live.replies.firstUnanswered[0]).toBe(1);
    await log.close();
    const opened = await folder.open('live.wirebench');
    expect(answerOf(await opened.ask('statistics', { pairing: inOrder }))).toEqual(live);
  });

  it('count only what the filter lets through, and refuse an invalid one', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('filtered.wirebench');
    log.describe(acceptedSocket);
    recordLines(log, 1_000);
    recordMessages(log, 'out', [Buffer.from('line 7\n'), Buffer.from('another\n')], 1);
    await log.flush();
    const some = answerOf(await log.ask('statistics', { filter: 'out || text == "line 7"', pairing: inOrder }));
    expect(some).toMatchObject({ records: 3, total: [{ messages: 1 }, { messages: 2 }], replies: { unexpected: 1 } });
    const none = answerOf(await log.ask('statistics', { filter: 'socket == 99', pairing: inOrder }));
    expect(none).toMatchObject({ records: 0, flows: [], firstAt: 0 });
    const wrong = await log.ask('statistics', { filter: 'text contains', pairing: inOrder });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  });

  it('report their progress, answer rows meanwhile, and end when they are cancelled', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('large.wirebench');
    log.describe(acceptedSocket);
    for (let run = 0; run < 40; run += 1) {
      recordMany(log, 25_000);
      await log.flush();
    }
    const abort = new AbortController();
    const shares: number[] = [];
    const counting = log.ask(
      'statistics',
      {
        // Reading each message as JSON takes far longer than the test does.
        pairing: { kind: 'path', request: 'json.id', reply: 'json.id' },
      },
      {
        signal: abort.signal,
        onProgress: (done, total) => {
          shares.push(done / total);
          abort.abort();
        },
      },
    );
    const rows = answerOf(await log.ask('window', { first: 999_000, count: 10 }));
    expect(rows.rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 10 }, (_, at) => 999_000 + at));
    expect(await counting).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(shares.every((share) => share > 0 && share < 1)).toBe(true);
    expect(shares.length).toBeGreaterThan(0);
    const whole = answerOf(await log.ask('statistics', { pairing: inOrder }));
    expect(whole.total[0]).toMatchObject({ messages: 1_000_000, bytes: 8_000_000 });
  });
});

import { describe, expect, test } from 'vitest';
import type { JobEnd } from '#jobs/job.ts';
import { startOneShotJob } from '#jobs/one-shot.ts';
import type { JobInput } from '#shared/contract/jobs/catalogue.ts';
import { fail, ok } from '#shared/failure.ts';
import { FakeReplies, fakeContext } from './fake-context.ts';
import { FakeClock, FakeSender, settled } from './fake-sender.ts';

type Until = JobInput<'one-shot'>['until'];

/** An exchange that has begun, with a peer that the test plays. */
async function start(until: Until, { refuses = false, isHeld = false } = {}) {
  const clock = new FakeClock();
  const sender = new FakeSender(clock);
  sender.isHeld = isHeld;
  const replies = new FakeReplies();
  const log: string[] = [];
  let receiveEnd: 'fin' | 'closed' | 'reset' | undefined;
  const { error } = fail('refused', 'Could not connect', { system: 'connect(): ECONNREFUSED', hint: 'Start it.' });
  const context = fakeContext({
    sender,
    replies,
    links: {
      open: async () => {
        log.push('open');
        return refuses ? { ok: false, error } : ok({ socket: 5 });
      },
      close: async () => log.push('close'),
    },
    sockets: {
      endpointOf: () => 'c',
      canSend: () => true,
      received: () => 2,
      receiveEnd: () => receiveEnd,
    },
  });
  const bytes = new Uint8Array([1, 2, 3, 4]);
  const started = await startOneShotJob(
    { kind: 'one-shot', endpoint: 'c', bytes, frame: true, until, waitMs: 500 },
    context,
    clock,
  );
  if (!started.ok) throw new Error(started.error.message);
  const job = started.value;
  let end: JobEnd | undefined;
  void job.ended.then((value) => {
    end = value;
  });
  await settled();
  const peerEnds = async (how: typeof receiveEnd) => {
    receiveEnd = how;
    job.socketsChanged();
    await settled();
  };
  return { job, clock, sender, replies, log, peerEnds, end: () => end };
}

const any: Until = { kind: 'message' };

describe('an exchange in one action', () => {
  test('connects, sends, waits for a message, closes, and says which records were received', async () => {
    const { job, replies, sender, log, end } = await start(any);
    expect(job.figures()).toMatchObject({ phase: 'waiting', socket: 5, sentBytes: 4 });
    expect(sender.messages).toMatchObject([{ sockets: [5], request: { frame: true } }]);
    expect(end()).toBeUndefined();
    replies.reply('');
    await settled();
    expect(end()).toEqual({ state: 'done' });
    expect(log).toEqual(['open', 'close']);
    expect(job.figures()).toMatchObject({ received: 2, records: { first: 7, last: 9 } });
    expect(replies.log).toEqual(['begin ', 'end ']);
  });

  test('takes an answer after which the peer closes at once', async () => {
    const { replies, peerEnds, end } = await start(any);
    replies.reply('', true);
    await peerEnds('fin');
    expect(end()).toEqual({ state: 'done' });
  });

  test('until the peer closes, waits for that, with or without messages', async () => {
    const { peerEnds, replies, end, log } = await start({ kind: 'close' });
    replies.reply('');
    await settled();
    expect(end()).toBeUndefined();
    await peerEnds('fin');
    expect(end()).toEqual({ state: 'done' });
    expect(log).toEqual(['open', 'close']);
  });

  test.each([
    ['message', any, 'no message was received within 500 ms'],
    ['matching message', { kind: 'filter', filter: 'ok' }, 'no message that matches ok was received within 500 ms'],
    ['end', { kind: 'close' }, 'the peer did not close the connection within 500 ms'],
  ] as const)('without the awaited %s fails in time, and closes', async (_, until, system) => {
    const { clock, end, log } = await start(until);
    await clock.pass(499);
    expect(end()).toBeUndefined();
    await clock.pass(1);
    expect(end()).toMatchObject({ state: 'failed', error: { code: 'timed-out', system } });
    expect(log).toEqual(['open', 'close']);
    expect(clock.armed).toBe(0);
  });

  test.each([
    ['closes', 'fin', 'closed', 'the peer closed the connection, and no message was received'],
    ['resets', 'reset', 'reset', 'the peer reset the connection (ECONNRESET)'],
  ] as const)('fails when the peer %s the connection without an answer', async (_, how, code, system) => {
    const { peerEnds, end } = await start(any);
    await peerEnds(how);
    expect(end()).toMatchObject({ state: 'failed', error: { code, system } });
  });

  test('fails when it cannot connect, with what the system said, and sends nothing', async () => {
    const { end, sender, log } = await start(any, { refuses: true });
    expect(end()).toMatchObject({ state: 'failed', error: { system: 'connect(): ECONNREFUSED' } });
    expect(sender.messages).toEqual([]);
    expect(log).toEqual(['open']);
  });

  test('fails when the message cannot be sent, and closes', async () => {
    const { sender, end, log } = await start(any, { isHeld: true });
    sender.broken.add(5);
    await sender.take();
    expect(end()).toMatchObject({ state: 'failed', error: { system: 'the connection ended (ECONNRESET)' } });
    expect(log).toEqual(['open', 'close']);
  });

  test('that is cancelled closes the connection at once', async () => {
    const { job, end, log, clock } = await start(any);
    job.cancel();
    await settled();
    expect(end()).toEqual({ state: 'cancelled' });
    expect(log).toContain('close');
    expect(clock.armed).toBe(0);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReplyWatch } from '#jobs/job.ts';
import { Repeat, type Repeated } from '#jobs/repeat.ts';
import type { RepeatPlan } from '#jobs/repeat-schedule.ts';
import type { Sender } from '#jobs/sender.ts';
import { closed, FakeBatchSender, FakeClock, FakeSender, settled } from './fake-sender.ts';

interface Setup {
  readonly plan: RepeatPlan;
  readonly sockets?: readonly number[];
  readonly clock?: FakeClock;
  readonly random?: () => number;
  readonly replies?: ReplyWatch;
  readonly isHeld?: boolean;
}

/** A repeated send that has begun. */
function start({ plan, sockets = [1], clock = new FakeClock(), random = () => 0, replies, isHeld = false }: Setup) {
  const sender = new FakeSender(clock);
  sender.isHeld = isHeld;
  const cancel = new AbortController();
  const over = new AbortController();
  const repeat = new Repeat({
    ...{ sender, sockets, plan, clock, random, replies },
    request: { bytes: new Uint8Array([1, 2, 3, 4]), frame: true },
    cancel: cancel.signal,
    over: over.signal,
  });
  let result: Repeated | undefined;
  void repeat.run().then((repeated) => {
    result = repeated;
  });
  const times = () => sender.messages.map(({ atMs }) => atMs - 1_000);
  return { clock, sender, cancel, over, repeat, times, result: () => result };
}

const plan = { count: 3, intervalMs: 20, jitterMs: 0 };
const forever = { ...plan, count: Number.POSITIVE_INFINITY };
const busy = { ...forever, intervalMs: 0 };

/** Runs the timers until none is left. */
async function runOut(clock: FakeClock): Promise<void> {
  await settled();
  while (await clock.next()) await settled();
}

describe('a repeated send', () => {
  test('sends the first message immediately and the others an interval apart', async () => {
    const { clock, times, result, sender } = start({ plan });
    await runOut(clock);
    expect(times()).toEqual([0, 20, 40]);
    expect(result()).toEqual({ end: 'done', sent: 3, error: undefined });
    expect(sender.messages[2]).toMatchObject({ sockets: [1], request: { frame: true } });
  });

  test('lets the event loop run between messages that are taken immediately', async () => {
    const startedAt = performance.now();
    const sender: Sender = {
      // Without turns of the event loop, nothing else could end this test.
      send: async ([socket = 0]) => [
        performance.now() - startedAt < 10_000 ? { socket, bytes: 1 } : { socket, bytes: 0, error: closed },
      ],
    };
    const request = { bytes: new Uint8Array(1), frame: false };
    const cancel = new AbortController();
    setImmediate(() => cancel.abort());
    const repeat = new Repeat({ sender, sockets: [1], request, plan: busy, cancel: cancel.signal });
    expect(await repeat.run()).toMatchObject({ end: 'stopped' });
  });

  test('waits while the sockets do not take the message, and does not make up for what was missed', async () => {
    const { clock, sender, times } = start({ plan: { ...plan, count: 5 }, isHeld: true });
    await clock.pass(70);
    expect(times()).toEqual([0]);
    sender.isHeld = false;
    await sender.take();
    await runOut(clock);
    expect(times()).toEqual([0, 70, 90, 110, 130]);
  });

  test('goes on with the sockets that remain when one fails, and ends with its failure when none does', async () => {
    const { clock, sender, repeat, result } = start({ plan: forever, sockets: [1, 2] });
    await settled();
    sender.broken.add(1);
    await clock.pass(45);
    expect(sender.messages.map(({ sockets }) => sockets)).toEqual([[1, 2], [1, 2], [2]]);
    expect(repeat).toMatchObject({ sent: 3, failed: 1 });
    sender.broken.add(2);
    await clock.pass(20);
    expect(result()).toEqual({ end: 'failed', sent: 3, error: closed });
    expect(repeat.failed).toBe(2);
    expect(clock.armed).toBe(0);
  });

  test('ends after the message that is being sent when it is over', async () => {
    const { sender, over, result, times, clock } = start({ plan: forever, isHeld: true });
    await settled();
    over.abort();
    await settled();
    expect(result()).toBeUndefined();
    await sender.take();
    expect(result()).toMatchObject({ end: 'stopped', sent: 1 });
    await clock.pass(100);
    expect(times()).toEqual([0]);
  });

  test('ends at once when it is over between two messages', async () => {
    const { over, result, clock } = start({ plan: forever });
    await clock.pass(25);
    over.abort();
    await settled();
    expect(result()).toMatchObject({ end: 'stopped', sent: 2 });
    expect(clock.armed).toBe(0);
  });

  test('sends nothing when it is cancelled before it begins', async () => {
    const clock = new FakeClock();
    const sender = new FakeSender(clock);
    const request = { bytes: new Uint8Array(1), frame: false };
    const repeat = new Repeat({ sender, sockets: [1], request, plan, cancel: AbortSignal.abort(), clock });
    expect(await repeat.run()).toMatchObject({ sent: 0, error: { code: 'cancelled' } });
    expect(sender.messages).toEqual([]);
  });

  test('cancelled during a message, aborts it, and does not count it as failed', async () => {
    const { sender, cancel, result, repeat } = start({ plan: forever, isHeld: true });
    await settled();
    cancel.abort();
    await settled();
    expect(sender.messages[0]?.request.signal?.aborted).toBe(true);
    expect(result()).toMatchObject({ end: 'stopped', sent: 0, error: { code: 'cancelled' } });
    expect(repeat.failed).toBe(0);
  });

  test('sends without an interval as fast as the socket takes it', async () => {
    const { clock, times } = start({ plan: { ...plan, count: 1_000, intervalMs: 0 } });
    await runOut(clock);
    expect(times()).toHaveLength(1_000);
  });

  test('tells when the next message is due, while it waits', async () => {
    const { repeat, clock, sender } = start({ plan });
    await settled();
    expect(repeat.dueMs).toBe(1_020);
    sender.isHeld = true;
    await clock.pass(20);
    expect(repeat.dueMs).toBeUndefined();
  });
});

describe('a repeated send in batches', () => {
  interface BatchSetup extends Pick<Setup, 'plan' | 'sockets'> {
    readonly prepare?: (sender: FakeBatchSender, clock: FakeClock, cancel: AbortController) => void;
    readonly pace?: { bytesPerSecond: number; chunkBytes: number; delayMs: number; splits: number[] };
  }

  /** Runs a repeated send to its end. */
  async function run({ plan, sockets = [1], prepare, pace }: BatchSetup) {
    const clock = new FakeClock();
    const sender = new FakeBatchSender(clock);
    const cancel = new AbortController();
    prepare?.(sender, clock, cancel);
    const request = { bytes: new Uint8Array(4), frame: true, pace };
    const repeat = new Repeat({ sender, sockets, plan, clock, request, cancel: cancel.signal, random: () => 0 });
    const result = repeat.run();
    await runOut(clock);
    return { sender, result: await result, failed: repeat.failed };
  }

  test('begins with one message, and sends more together while the socket takes them quickly', async () => {
    const { sender, result } = await run({ plan: { ...plan, count: 1_000, intervalMs: 0 } });
    expect(sender.messages).toHaveLength(1);
    expect(sender.batches).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 256, 233]);
    expect(result).toEqual({ end: 'done', sent: 1_000, error: undefined });
  });

  test('sends fewer together while the socket takes them slowly, down to one', async () => {
    let sends = 0;
    const { sender } = await run({
      plan: { ...plan, count: 60, intervalMs: 0 },
      prepare: (sender, clock) => {
        sender.onBatch = () => {
          sends += 1;
          if (sends > 3) clock.spend(2);
        };
      },
    });
    // Alone, a message is quick again here.
    expect(sender.batches.slice(0, 8)).toEqual([2, 4, 8, 16, 8, 4, 2, 2]);
    expect(sender.messages.length).toBeGreaterThan(1);
  });

  test('sends each message separately with an interval, a pace, or a reply to wait for', async () => {
    const pace = { bytesPerSecond: 0, chunkBytes: 2, delayMs: 0, splits: [] };
    for (const setup of [
      { plan: { ...plan, count: 20 } },
      { plan: { ...plan, count: 20, intervalMs: 0, jitterMs: 1 } },
      { plan: { ...plan, count: 20, intervalMs: 0 }, pace },
    ]) {
      const { sender, result } = await run(setup);
      expect(sender.batches).toEqual([]);
      expect(sender.messages).toHaveLength(20);
      expect(result).toMatchObject({ end: 'done', sent: 20 });
    }
  });

  test('that fails after some messages counts them, and goes on with the sockets that remain', async () => {
    const { result, failed } = await run({
      plan: { ...plan, count: 20, intervalMs: 0 },
      sockets: [1, 2],
      prepare: (sender) => {
        sender.taken = (socket, count) => (socket === 1 && count === 4 ? 3 : count);
        sender.onBatch = () => {
          if (sender.batches.at(-1) === 4) sender.broken.add(1);
        };
      },
    });
    expect(result).toEqual({ end: 'done', sent: 20, error: closed });
    expect(failed).toBe(1);
    const all = await run({
      plan: busy,
      sockets: [1, 2],
      prepare: (sender) => {
        sender.taken = (socket, count) => (count === 4 ? socket + 1 : count);
        sender.onBatch = () => {
          if (sender.batches.at(-1) === 4) for (const socket of [1, 2]) sender.broken.add(socket);
        };
      },
    });
    expect(all.result).toEqual({ end: 'failed', sent: 1 + 2 + 3, error: closed });
  });

  test('counts what was sent of a batch that is cancelled', async () => {
    const { result, failed } = await run({
      plan: busy,
      prepare: (sender, _clock, cancel) => {
        sender.sendBatch = async ([socket = 0], _request, count) => {
          if (count < 8) return [{ socket, bytes: 4 * count, messages: count }];
          cancel.abort();
          return [{ socket, bytes: 20, messages: 5, error: closed }];
        };
      },
    });
    expect(result).toMatchObject({ end: 'stopped', sent: 1 + 2 + 4 + 5 });
    expect(failed).toBe(0);
  });

  test('the count is exact, however many messages of each batch are taken', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_000 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
        fc.array(fc.constantFrom(0, 0.7, 3), { minLength: 1 }),
        async (count, limits, delays) => {
          let sends = 0;
          let taken = 0;
          const { sender, result } = await run({
            plan: { count, intervalMs: 0, jitterMs: 0 },
            prepare: (sender, clock) => {
              sender.taken = (_socket, wanted) => {
                const messages = Math.min(wanted, limits[sends % limits.length] as number);
                clock.spend(delays[sends % delays.length] as number);
                sends += 1;
                taken += messages;
                return messages;
              };
            },
          });
          expect(result).toMatchObject({ end: 'done', sent: count });
          expect(taken + sender.messages.length).toBe(count);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a repeated send that expects replies', () => {
  /** Replies that arrive when the test says so. */
  function replies() {
    let reply = () => {};
    const watch: ReplyWatch = {
      begin: async () => {},
      received: (signal) =>
        new Promise((resolve) => {
          reply = resolve;
          signal.addEventListener('abort', () => resolve());
        }),
      records: async () => undefined,
      end: () => {},
    };
    return { watch, reply: () => reply() };
  }

  test('sends the next message after the reply, and not before the interval is over', async () => {
    const { watch, reply } = replies();
    const { clock, times, result } = start({ plan: { ...plan, count: 2, replyMs: 500 }, replies: watch });
    await settled();
    await clock.pass(5);
    reply();
    await settled();
    await clock.pass(16);
    expect(times()).toEqual([0, 20]);
    await clock.pass(100);
    expect(result()).toBeUndefined();
    reply();
    await settled();
    expect(result()).toMatchObject({ end: 'done', sent: 2 });
    expect(clock.armed).toBe(0);
  });

  test('ends when no reply arrives in time', async () => {
    const { clock, times, result } = start({ plan: { ...plan, replyMs: 500 }, replies: replies().watch });
    await settled();
    await clock.pass(499);
    expect(result()).toBeUndefined();
    await clock.pass(1);
    expect(result()).toMatchObject({ end: 'unanswered', sent: 1 });
    expect(times()).toEqual([0]);
  });
});

describe('of every repeated send', () => {
  const plans = fc.record({
    count: fc.integer({ min: 1, max: 40 }),
    intervalMs: fc.integer({ min: 0, max: 50 }),
    jitterMs: fc.integer({ min: 0, max: 50 }),
  });
  const unit = fc.double({ min: 0, max: 1, noNaN: true });

  test('the count is exact, no message is early, and late timers do not add up', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.array(unit, { minLength: 1 }), fc.array(unit), async (given, randoms, lates) => {
        let asked = 0;
        let armed = 0;
        const random = () => randoms[asked++ % randoms.length] as number;
        // Timers are late by less than an interval.
        const maxLate = given.intervalMs * 0.9;
        const clock = new FakeClock(() => (lates[armed++ % Math.max(lates.length, 1)] ?? 0) * maxLate);
        const { times, result } = start({ plan: given, clock, random });
        await runOut(clock);
        expect(result()).toMatchObject({ end: 'done', sent: given.count });
        expect(times()).toHaveLength(given.count);
        let due = 0;
        times().forEach((at, index) => {
          if (index > 0) due += given.intervalMs + (randoms[(index - 1) % randoms.length] as number) * given.jitterMs;
          expect(at).toBeGreaterThanOrEqual(due - 1e-6);
          expect(at).toBeLessThanOrEqual(due + maxLate + 1e-6);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('the time between two messages is the interval plus at most the jitter, where timers are exact', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.infiniteStream(unit), async (given, randoms) => {
        const { clock, times } = start({ plan: given, random: () => randoms.next().value as number });
        await runOut(clock);
        const gaps = times()
          .slice(1)
          .map((at, index) => at - (times()[index] as number));
        for (const gap of gaps) {
          expect(gap).toBeGreaterThanOrEqual(given.intervalMs - 1e-6);
          expect(gap).toBeLessThanOrEqual(given.intervalMs + given.jitterMs + 1e-6);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('cancelling ends it at once, and nothing is sent afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.integer({ min: 0, max: 60 }), fc.boolean(), async (given, steps, isHeld) => {
        const { clock, sender, cancel, times, result } = start({ plan: { ...given, count: 10_000 } });
        // Without an interval it does not wait for a timer.
        fc.pre(given.intervalMs > 0);
        await settled();
        for (let step = 0; step < steps; step += 1) await clock.next();
        sender.isHeld = isHeld;
        if (isHeld) await clock.next();
        cancel.abort();
        const sent = times().length;
        await settled();
        expect(result()).toMatchObject({ end: 'stopped' });
        expect(clock.armed).toBe(0);
        await clock.pass(10_000);
        expect(times()).toHaveLength(sent);
      }),
      { numRuns: 60 },
    );
  });
});

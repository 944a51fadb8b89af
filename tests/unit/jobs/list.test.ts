import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobEnd } from '#jobs/job.ts';
import { startListJob } from '#jobs/list.ts';
import type { ListPlace, ListStep, OpenedList, Row } from '#jobs/send-list.ts';
import { type Failure, fail, ok } from '#shared/failure.ts';
import { FakeReplies, fakeContext } from './fake-context.ts';
import { FakeClock, FakeSender, settled } from './fake-sender.ts';

type Step = Partial<ListStep> & { readonly payload: string };

interface Setup {
  readonly steps: readonly Step[];
  readonly loops?: number;
  readonly rows?: readonly Row[];
  readonly rowsFailure?: Failure;
  readonly sockets?: number[];
  readonly sender?: OpenedList['sender'];
  readonly isHeld?: boolean;
}

/** A send list that has begun. Its messages are what `name row message` says. */
async function start({ steps, loops = 1, rows, rowsFailure, sockets = [1], sender: made, isHeld = false }: Setup) {
  const clock = new FakeClock();
  const sender = new FakeSender(clock);
  sender.isHeld = isHeld;
  const replies = new FakeReplies();
  const open = new Set(sockets);
  const content = (index: number, { row, message }: ListPlace) =>
    [steps[index]?.payload, row?.id, message].filter((part) => part !== undefined).join(' ');
  const list: OpenedList = {
    steps: steps.map((step) => ({ enabled: true, frame: true, delayMs: 0, count: 1, ...step })),
    loops,
    rows: rows && (() => read(rows, rowsFailure)),
    sender:
      made ??
      ((index, place) => ({
        send: (to, request) => sender.send(to, { ...request, bytes: Buffer.from(content(index, place)) }),
      })),
  };
  const context = fakeContext({
    replies,
    sockets: {
      endpointOf: () => 'e1',
      canSend: (socket) => open.has(socket),
      received: () => 0,
      receiveEnd: () => undefined,
    },
    lists: { open: async () => ok(list) },
  });
  const started = await startListJob({ kind: 'list', sockets, list: 'lists/warm-up.yaml' }, context, clock);
  if (!started.ok) throw new Error(started.error.message);
  const job = started.value;
  let end: JobEnd | undefined;
  void job.ended.then((value) => {
    end = value;
  });
  await settled();
  const texts = () => sender.messages.map(({ request }) => Buffer.from(request.bytes ?? []).toString());
  const times = () => sender.messages.map(({ atMs }) => atMs - 1_000);
  const close = async (...ids: number[]) => {
    for (const id of ids) open.delete(id);
    job.socketsChanged();
    await settled();
  };
  return { job, clock, sender, replies, texts, times, end: () => end, close };
}

async function* read(rows: readonly Row[], failure: Failure | undefined) {
  yield* rows;
  return failure;
}

const expected = { filter: 'ok', timeoutMs: 500 };

describe('a send list', () => {
  test('sends the enabled steps in order, each as often as it says, with its delay before each message', async () => {
    const { clock, texts, times, end, job } = await start({
      steps: [{ payload: 'a' }, { payload: 'b', enabled: false }, { payload: 'c', count: 2, delayMs: 20 }],
    });
    expect(job.figures()).toMatchObject({ step: 2, phase: 'waiting', sent: 1, loops: 1 });
    await clock.pass(100);
    expect(texts()).toEqual(['a 1', 'c 2', 'c 3']);
    expect(times()).toEqual([0, 20, 40]);
    expect(end()).toEqual({ state: 'done' });
    expect(clock.armed).toBe(0);
  });

  test('runs once for each row, and as many times as it says', async () => {
    const rows = [{ id: 'x' }, { id: 'y' }];
    const { texts, end, job } = await start({ steps: [{ payload: 'a' }, { payload: 'b' }], rows, loops: 2 });
    expect(texts()).toEqual(['a x 1', 'b x 2', 'a y 3', 'b y 4', 'a x 5', 'b x 6', 'a y 7', 'b y 8']);
    expect(end()).toEqual({ state: 'done' });
    expect(job.figures()).toMatchObject({ row: 2, loop: 2, step: 1, sent: 8 });
  });

  test('ends where a row cannot be read, with the reason', async () => {
    const { error } = fail('bad-input', 'Could not read row 2', { system: 'it is not a JSON object' });
    const { texts, end } = await start({ steps: [{ payload: 'a' }], rows: [{ id: 'x' }], rowsFailure: error });
    expect(texts()).toEqual(['a x 1']);
    expect(end()).toMatchObject({
      state: 'failed',
      error: { message: 'The send list ended at step 1 (a), row 1, after 1 message', system: error.system },
    });
  });

  test('waits for the reply to each message of a step, and then sends the next one', async () => {
    const { replies, texts, job, end, clock } = await start({
      steps: [{ payload: 'login', expect: expected, count: 2 }, { payload: 'bye' }],
    });
    expect(texts()).toEqual(['login 1']);
    expect(job.figures()).toMatchObject({ step: 0, phase: 'replying', sent: 1 });
    replies.reply('ok');
    await settled();
    expect(texts()).toEqual(['login 1', 'login 2']);
    replies.reply('ok');
    await settled();
    expect(texts()).toEqual(['login 1', 'login 2', 'bye 3']);
    expect(end()).toEqual({ state: 'done' });
    expect(replies.log).toEqual(['begin ok', 'begin ok', 'end ok']);
    expect(clock.armed).toBe(0);
  });

  test('fails at the step whose reply does not arrive in time, and says what was awaited', async () => {
    const { clock, end, texts, replies } = await start({
      steps: [{ payload: 'hello' }, { payload: 'login', expect: expected }, { payload: 'bye' }],
    });
    await clock.pass(499);
    expect(end()).toBeUndefined();
    await clock.pass(1);
    expect(end()).toEqual({
      state: 'failed',
      error: expect.objectContaining({
        code: 'timed-out',
        message: 'The send list ended at step 2 (login), after 2 messages',
        system: 'no message that matches ok was received within 500 ms',
      }),
    });
    expect(texts()).toEqual(['hello 1', 'login 2']);
    expect(replies.log.at(-1)).toBe('end ok');
  });

  test('takes a reply that a peer sent before it closed', async () => {
    const { replies, close, end } = await start({ steps: [{ payload: 'login', expect: expected }] });
    replies.reply('ok', true);
    await close(1);
    expect(end()).toEqual({ state: 'done' });
  });

  test('ends as failed when the connection ends during a wait', async () => {
    const { close, end } = await start({ steps: [{ payload: 'login', expect: expected }] });
    await close(1);
    expect(end()).toMatchObject({ state: 'failed', error: { code: 'closed', system: 'the connection ended' } });
  });

  test('goes on with the sockets that remain, and ends with the failure of the last one', async () => {
    const { sender, clock, end, job } = await start({
      steps: [{ payload: 'a', count: 4, delayMs: 10 }],
      sockets: [1, 2],
    });
    await clock.pass(10);
    sender.broken.add(1);
    await clock.pass(20);
    expect(sender.messages.map(({ sockets }) => sockets)).toEqual([[1, 2], [1, 2], [2]]);
    expect(job.figures()).toMatchObject({ sent: 3, failed: 1 });
    sender.broken.add(2);
    await clock.pass(10);
    expect(end()).toMatchObject({ state: 'failed', error: { system: 'the connection ended (ECONNRESET)' } });
  });

  test('cancelled during a message, aborts it and sends nothing more', async () => {
    const { sender, job, end, texts } = await start({ steps: [{ payload: 'a' }, { payload: 'b' }], isHeld: true });
    job.cancel();
    await settled();
    expect(sender.messages[0]?.request.signal?.aborted).toBe(true);
    expect(end()).toEqual({ state: 'cancelled' });
    expect(texts()).toEqual(['a 1']);
  });

  test('cancelled during a delay, ends at once', async () => {
    const { job, end, clock } = await start({ steps: [{ payload: 'a', delayMs: 1_000 }] });
    job.cancel();
    await settled();
    expect(end()).toEqual({ state: 'cancelled' });
    expect(clock.armed).toBe(0);
  });

  test('ends with the place of a mistake in a payload', async () => {
    const { error } = fail('bad-input', 'Could not render “a”', { system: '2:5: unknown name x', hint: 'Define it.' });
    const sender = () => ({ send: async () => [{ socket: 1, bytes: 0, error }] });
    const { end } = await start({ steps: [{ payload: 'a' }], sender });
    expect(end()).toMatchObject({
      state: 'failed',
      error: { message: 'The send list ended at step 1 (a), after 0 messages', system: '2:5: unknown name x' },
    });
  });

  test.each([
    ['no step is enabled', { steps: [{ payload: 'a', enabled: false }] }],
    ['there is no row', { steps: [{ payload: 'a' }], rows: [] }],
  ])('that is endless ends where %s', async (_, setup) => {
    const { end } = await start({ ...setup, loops: Number.POSITIVE_INFINITY });
    expect(end()).toMatchObject({ state: 'failed', error: { code: 'bad-input' } });
  });
});

test('a list whose filter is invalid does not start, and ends the watches that it has opened', async () => {
  const replies = new FakeReplies();
  replies.invalid.add('bad');
  const step = { payload: 'a', enabled: true, frame: true, delayMs: 0, count: 1 };
  const list: OpenedList = {
    steps: [
      { ...step, expect: expected },
      { ...step, expect: { filter: 'bad', timeoutMs: 1 } },
    ],
    loops: 1,
    rows: undefined,
    sender: () => ({ send: async () => [] }),
  };
  const context = fakeContext({ replies, lists: { open: async () => ok(list) } });
  const started = await startListJob({ kind: 'list', sockets: [1], list: 'lists/a.yaml' }, context);
  expect(started).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  expect(replies.log).toEqual(['end ok']);
});

test('of every list without failures, the number of messages is steps × rows × loops', async () => {
  const step = fc.record({ enabled: fc.boolean(), count: fc.integer({ min: 1, max: 4 }), delayMs: fc.nat(20) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 4 }).filter((steps) => steps.some(({ enabled }) => enabled)),
      fc.integer({ min: 1, max: 3 }),
      fc.option(fc.array(fc.record({ id: fc.nat(9) }), { minLength: 1, maxLength: 3 }), { nil: undefined }),
      async (steps, loops, rows) => {
        const named = steps.map((one, at) => ({ ...one, payload: `p${at}` }));
        const { clock, texts, times, end } = await start({ steps: named, loops, ...(rows && { rows }) });
        while (await clock.next()) await settled();
        const enabled = steps.filter((one) => one.enabled);
        const each = enabled.reduce((sum, { count }) => sum + count, 0);
        expect(texts()).toHaveLength(each * loops * (rows?.length ?? 1));
        expect(end()).toEqual({ state: 'done' });
        const total = enabled.reduce((sum, { count, delayMs }) => sum + count * delayMs, 0);
        const last = times().at(-1) as number;
        expect(last).toBe(total * loops * (rows?.length ?? 1));
      },
    ),
    { numRuns: 60 },
  );
});

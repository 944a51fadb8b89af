import { expect, onTestFinished, test, vi } from 'vitest';
import type { JobContext } from '#jobs/job.ts';
import type { Sender } from '#jobs/sender.ts';
import { StartedJobs } from '#jobs/started-jobs.ts';
import { ok } from '#shared/failure.ts';
import { fakeContext } from './fake-context.ts';
import { FakeClock, FakeSender } from './fake-sender.ts';

const input = { kind: 'repeat', bytes: new Uint8Array(1), frame: false, intervalMs: 0, jitterMs: 0 } as const;

function startedJobs(sender: Sender, replies: JobContext['replies'] = noReplies): StartedJobs {
  const jobs = new StartedJobs(fakeContext({ sender, replies }), () => {});
  onTestFinished(() => jobs.end());
  return jobs;
}

const noReplies: JobContext['replies'] = { watch: () => Promise.reject(new Error('no replies are expected')) };

/** Resolves with the next error that reaches the process, where a host reports it. */
function untilBug(): Promise<unknown> {
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  onTestFinished(() => {
    for (const listener of listeners) process.on('unhandledRejection', listener);
  });
  return new Promise((resolve) => process.once('unhandledRejection', resolve));
}

const bug = new TypeError('nothing is not a function');
const failed = {
  state: 'failed',
  error: { code: 'internal', message: 'The job failed unexpectedly', system: bug.message },
};

test('a job whose sender has a bug ends as failed, and the host gets the bug', async () => {
  const reported = untilBug();
  const jobs = startedJobs({ send: () => Promise.reject(bug) });
  const { value } = await startOf(jobs);
  expect(value.state).toBe('running');
  expect(await reported).toBe(bug);
  expect(jobs.views()).toMatchObject([failed]);
});

test.each(['begin', 'received'] as const)('so does a job whose watch for replies has one in %s', async (where) => {
  const reported = untilBug();
  const end = vi.fn();
  const reply = {
    begin: async () => {},
    received: () => new Promise<void>(() => {}),
    records: async () => undefined,
    end,
  };
  const watch = { ...reply, [where]: () => Promise.reject(bug) };
  const jobs = startedJobs(new FakeSender(new FakeClock()), { watch: async () => ok(watch) });
  await startOf(jobs, { reply: { filter: '', waitMs: 3_600_000 } });
  expect(await reported).toBe(bug);
  expect(jobs.views()).toMatchObject([failed]);
  expect(end).toHaveBeenCalledOnce();
});

test('a socket that is named twice gets each message once', async () => {
  const sender = new FakeSender(new FakeClock());
  const jobs = startedJobs(sender);
  await startOf(jobs, { sockets: [1, 2, 1], count: 1 });
  await jobs.end();
  expect(sender.messages.map(({ sockets }) => sockets)).toEqual([[1, 2]]);
});

async function startOf(jobs: StartedJobs, settings: object = {}) {
  const started = await jobs.start({ ...input, sockets: [1], ...settings });
  if (!started.ok) throw new Error(started.error.message);
  return started;
}

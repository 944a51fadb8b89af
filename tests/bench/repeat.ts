// `node tests/bench/repeat.ts`: messages a second of a repeated send without an interval, of a template and of a fixed payload.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallName } from '#shared/contract/contract.ts';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import { serve } from '#shared/contract/serve.ts';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { root } from '#support/build-setup.ts';
import { answerOf } from '#support/session.ts';
import { createWorkbench } from '#workbench/create-workbench.ts';
import type { Workbench } from '#workbench/workbench.ts';
import { median, report } from './statistics.ts';
import { Subject } from './subject.ts';

const messages = 200_000;

const subjects = {
  counter: '{"n": {{ counter }}, "of": {{ message }}}',
  'counter and time': '{"n": {{ counter }}, "at": "{{ now }}"}',
} as const;

/** Messages a second of a repeated send through the engine, recorded: templates against a fixed payload of the same length. */
export async function benchRepeat(rounds: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'wirebench-bench-'));
  const workbench = answerOf(await createWorkbench({ home, resources: join(root, 'resources') }));
  const subject = await Subject.start('plain-server', { behaviour: 'silent', framing: 'raw' });
  const call = async (name: CallName, input: unknown) =>
    answerOf(await serve(workbench.handlers as never, name, input, (bug, error) => console.error(bug, error))) as never;
  const { id } = (await call('endpoints.create', { ...defaultClient, port: subject.port })) as { id: string };
  const { socket } = (await call('endpoints.open', { id })) as { socket: number };
  const rateOf = async (text: string, template: boolean) => {
    const payload = { format: 'json', text, encoding: 'utf-8', template };
    const timing = { count: messages, intervalMs: 0, jitterMs: 0 };
    const ended = nextEnded(workbench);
    await call('jobs.start', { kind: 'repeat', sockets: [socket], payload, frame: false, ...timing });
    const { state, error, elapsedMs } = await ended;
    if (state !== 'done') throw new Error(JSON.stringify(error));
    return messages / elapsedMs;
  };
  for (const [name, text] of Object.entries(subjects)) {
    const fixed = JSON.stringify({ n: messages, at: new Date().toISOString() });
    const pairs: (readonly [number, number])[] = [];
    for (let round = 0; round < rounds; round += 1) pairs.push([await rateOf(text, true), await rateOf(fixed, false)]);
    const [rendered, plain] = [0, 1].map((index) => median(pairs.map((pair) => pair[index] as number)).toFixed(0));
    report(
      `repeated send of a template (${name}) ÷ fixed payload`,
      pairs.map(([one, other]) => one / other),
      `${rendered} of ${plain} thousand messages/s`,
    );
  }
  await workbench.close();
  await subject.flush();
  await subject.exited();
  await rm(home, { recursive: true });
}

/** Resolves with the next job that ends. */
function nextEnded(workbench: Workbench): Promise<JobView> {
  return new Promise((resolve) => {
    const stop = workbench.subscribe((event) => {
      // The job before is removed from the list when the next one starts: it is not among the changed ones any more.
      const ended = event.kind === 'jobs' ? event.changed.find(({ state }) => state !== 'running') : undefined;
      if (!ended) return;
      stop();
      resolve(ended);
    });
  });
}

if (import.meta.main) await benchRepeat(5);

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import net from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { Engine } from '#engine/engine.ts';
import { fail } from '#shared/failure.ts';
import { parseHostPort } from '#shared/socket/address.ts';
import { type ServerChanges, serverConfig } from './config.ts';
import { CountingLog } from './counting-log.ts';
import { answerOf, SessionFolder } from './session.ts';

/** Connections made by a separate process. `await using` ends it. */
export class LoadClient implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #said: Record<'ready' | 'done', Promise<void>>;

  constructor(job: 'idle' | 'talk' | 'churn', port: number, count: number, messages = 0) {
    const script = new URL('./load-client.ts', import.meta.url);
    this.#child = fork(script, [job, String(port), String(count), String(messages)]);
    const said = (kind: string) =>
      new Promise<void>((resolve, reject) => {
        this.#child.on('message', (message: { kind: string }) => message.kind === kind && resolve());
        this.#child.on('exit', (code) => reject(new Error(`the load ended with code ${code}`)));
      });
    this.#said = { ready: said('ready'), done: said('done') };
    for (const promise of Object.values(this.#said)) promise.catch(() => {});
  }

  /** All its connections are made. */
  get ready(): Promise<void> {
    return this.#said.ready;
  }

  get done(): Promise<void> {
    return this.#said.done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill();
    await gone;
  }
}

/** Descriptors that this process has open (Linux). */
function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

/** Bytes of the heap in use, after what is garbage has been collected. */
export function liveHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** A server whose log only counts (and records, where `log` hands on). `await using` stops it. */
export async function serve(log: CountingLog, config: ServerChanges) {
  const engine = new Engine({ log, readReplyFile: async () => fail('file', 'none') });
  const { id } = engine.create(serverConfig({ port: 0, backlog: 4_096, ...config }));
  const opened = await engine.open(id);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const { port } = parseHostPort(opened.value.address) as { port: number };
  return { engine, id, port, [Symbol.asyncDispose]: () => engine.stop() };
}

const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MB`;

/** Fails unless a server with `count` idle connections answers another one, and gives back their descriptors. */
export async function holdIdle(count: number): Promise<void> {
  const before = openDescriptors();
  const log = new CountingLog();
  {
    await using server = await serve(log, { behaviour: { kind: 'echo' } });
    await using load = new LoadClient('idle', server.port, count);
    await load.ready;
    await log.until(() => log.of('accepted') === count);
    expect(server.engine.snapshot().endpoints[0]?.peers).toBe(count);
    const socket = net.connect(server.port, '127.0.0.1');
    socket.write('still there?');
    const [answer] = await new Promise<Buffer[]>((resolve) => socket.once('data', (data: Buffer) => resolve([data])));
    expect(String(answer)).toBe('still there?');
    console.log(`${count} idle connections: ${openDescriptors() - before} descriptors, heap ${megabytes(liveHeap())}`);
    socket.destroy();
  }
  expect(log.of('closed')).toBe(log.of('accepted') + 1);
  // The system gives back the last of them a moment after the sockets have closed.
  await expect.poll(openDescriptors).toBeLessThanOrEqual(before);
}

/** Fails unless all `messages` of each of `count` connections, and the ends of the connections, are in the session. */
export async function recordTalk(count: number, messages: number): Promise<void> {
  await using folder = new SessionFolder();
  const session = folder.create('load.wirebench');
  const log = new CountingLog(session);
  {
    await using server = await serve(log, {
      framing: { kind: 'delimiter', delimiter: '0a' },
      behaviour: { kind: 'echo' },
    });
    await using load = new LoadClient('talk', server.port, count, messages);
    await load.done;
    await log.until(() => log.of('closed') === count);
  }
  expect(log.of('in')).toBe(count * messages);
  expect(log.of('out')).toBe(count * messages);
  await session.flush();
  expect(session.total).toBe(Object.values(log.counts).reduce((sum, number) => sum + number, 0));
  const filter = `in && text matches "^connection [0-9]+ message ${messages - 1}$"`;
  const query = answerOf(await session.query({ filter })).id;
  const matched = async () => {
    const window = await session.ask('window', { query, first: 0, count: 1 });
    return window.ok && window.value.scanned === session.total && window.value.matched;
  };
  await expect.poll(matched).toBe(count);
  const find = { find: 'malformed || incomplete || problem', from: -1, backward: false };
  expect(await session.ask('find', find, {})).toMatchObject({ ok: true, value: { found: null } });
}

/** Fails unless a server has as many descriptors and as much memory after `count` connections as after the first `warm` ones. */
export async function churn(warm: number, count: number): Promise<void> {
  const log = new CountingLog();
  await using server = await serve(log, { behaviour: { kind: 'silent' } });
  const comeAndGo = async (more: number) => {
    const until = log.of('closed') + more;
    await using load = new LoadClient('churn', server.port, more);
    await load.done;
    await log.until(() => log.of('closed') === until);
  };
  // What is made once is made before it is measured.
  await comeAndGo(warm);
  const before = { descriptors: openDescriptors(), heap: liveHeap() };
  await comeAndGo(count);
  await expect.poll(openDescriptors).toBeLessThanOrEqual(before.descriptors);
  const after = { descriptors: openDescriptors(), heap: liveHeap() };
  console.log(
    `${count} connections: heap ${megabytes(before.heap)} → ${megabytes(after.heap)}, descriptors ${before.descriptors} → ${after.descriptors}`,
  );
  // Each socket that were kept would be some kilobytes. Other memory of the process varies by a part of the first megabyte.
  expect(after.heap - before.heap).toBeLessThan(1_048_576 + 350 * count);
  expect(server.engine.snapshot().sockets.length).toBeLessThan(100);
}

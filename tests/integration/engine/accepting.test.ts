import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { describeEvent } from '#shared/record/record.ts';
import { TestEngine } from '#support/engine.ts';

/** Connects and gives the socket when the kernel has completed its handshake. */
function connected(port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

test('a server that does not accept leaves clients in its backlog, and accepts them when it accepts again', async () => {
  await using bench = new TestEngine();
  const { view, port, listener } = await bench.serve({ backlog: 4, behaviour: { kind: 'echo' } });
  const before = await connected(port);
  const first = await bench.accepted(0);

  const off = await bench.engine.setAccepting(view.id, false);
  expect(off).toMatchObject({ ok: true, value: { accepting: false, state: 'listening' } });
  // The handshake is the kernel's: connect() succeeds, and what is sent waits as well.
  const waiting = await connected(port);
  waiting.write('are you there?');
  before.write('hello');
  await bench.stream(first, 'in', 5);
  expect(bench.log.records.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);

  const on = await bench.engine.setAccepting(view.id, true);
  expect(on).toMatchObject({ ok: true, value: { accepting: true } });
  const second = await bench.accepted(1);
  expect(String(await bench.stream(second, 'in', 14))).toBe('are you there?');
  expect(bench.log.kinds(listener)).toEqual(['listening', 'paused', 'resumed']);
  before.destroy();
  waiting.destroy();
});

test.runIf(process.platform === 'linux')('it says how many wait in the backlog, while it does not accept', async () => {
  await using bench = new TestEngine();
  const { view, port, listener } = await bench.serve({ backlog: 4 });
  const waiting = () => bench.engine.snapshot().endpoints[0]?.backlogWaiting;
  const seen = (count: number) =>
    new Promise<void>((resolve) => {
      const stop = bench.engine.subscribe(() => {
        if (waiting() !== count) return;
        stop();
        resolve();
      });
    });
  expect(waiting()).toBeUndefined();
  const none = seen(0);
  await bench.engine.setAccepting(view.id, false);
  await none;
  const two = seen(2);
  const clients = await Promise.all([connected(port), connected(port)]);
  await two;
  await bench.engine.setAccepting(view.id, true);
  await bench.accepted(1);
  expect(waiting()).toBeUndefined();
  const resumed = await bench.event(listener, 'resumed');
  expect(describeEvent(resumed)).toBe('accept() resumed');
  for (const socket of clients) socket.destroy();
});

test.runIf(process.platform === 'linux')(
  'connection attempts that an accept queue has no room for are recorded',
  async () => {
    await using bench = new TestEngine();
    const { view, port, listener } = await bench.serve({ backlog: 1 });
    expect(bench.engine.snapshot().endpoints[0]?.dropped).toBe(0);
    await bench.engine.setAccepting(view.id, false);
    const clients = Array.from({ length: 8 }, () => net.connect(port, '127.0.0.1').on('error', () => {}));
    const { limit, text } = await bench.event(listener, 'limited');
    expect(limit).toBe('backlog');
    expect(text).toMatch(
      /^the accept queue overflowed: \d+ connection attempts? (was|were) dropped .* The backlog is 1$/,
    );
    expect(bench.engine.snapshot().endpoints[0]?.dropped).toBeGreaterThan(0);
    for (const socket of clients) socket.destroy();
  },
);

test.runIf(process.platform === 'linux')('a backlog above the system’s maximum is recorded with that', async () => {
  const cap = Number(readFileSync('/proc/sys/net/core/somaxconn', 'latin1'));
  await using bench = new TestEngine();
  const over = await bench.serve({ backlog: cap + 1 });
  expect(await bench.event(over.listener, 'listening')).toMatchObject({ backlog: cap + 1, backlogCap: cap });
  const within = await bench.serve({ backlog: cap });
  expect(await bench.event(within.listener, 'listening')).not.toHaveProperty('backlogCap');
});

test('a backlog that is full answers nobody: connect() waits, and times out', async () => {
  await using bench = new TestEngine();
  const { view, port } = await bench.serve({ backlog: 1 });
  await bench.engine.setAccepting(view.id, false);
  // Linux holds one more than the backlog says.
  const clients = await Promise.all([connected(port), connected(port)]);
  const created = bench.engine.create({ ...defaultClient, port, connectTimeoutMs: 400 });
  const opened = await bench.engine.open(created.id);
  expect(opened).toMatchObject({ ok: false, error: { code: 'timed-out' } });
  for (const socket of clients) socket.destroy();
});

test('a server that does not accept can be stopped, and its port is free again', async () => {
  await using bench = new TestEngine();
  const { view, port } = await bench.serve();
  await bench.engine.setAccepting(view.id, false);
  const waiting = await connected(port);
  const gone = new Promise<void>((resolve) => waiting.once('close', () => resolve()));
  waiting.on('error', () => {});
  await bench.engine.close(view.id);
  await gone;
  await bench.serve({ port });
});

test('a client has nothing to accept, and a server that is not launched neither', async () => {
  await using bench = new TestEngine();
  const { view, port } = await bench.serve();
  const peer = await bench.connect(port);
  expect(await bench.engine.setAccepting(peer.id, false)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  await bench.engine.close(view.id);
  expect(await bench.engine.setAccepting(view.id, false)).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
});

test('off and immediately on again ends on, and a local socket says that it cannot', async () => {
  await using bench = new TestEngine();
  const { view, port, listener } = await bench.serve();
  const both = await Promise.all([
    bench.engine.setAccepting(view.id, false),
    bench.engine.setAccepting(view.id, false),
    bench.engine.setAccepting(view.id, true),
  ]);
  expect(both.at(-1)).toMatchObject({ ok: true, value: { accepting: true } });
  expect(bench.log.kinds(listener)).toEqual(['listening', 'paused', 'resumed']);
  const client = await connected(port);
  await bench.accepted();
  client.destroy();
  const local = await bench.serve({ transport: 'local', path: join(tmpdir(), `wb-${randomUUID()}`) });
  const refused = await bench.engine.setAccepting(local.view.id, false);
  expect(refused).toMatchObject({ ok: false, error: { code: 'unsupported' } });
});

test('a server whose listening socket is lost says so, and is not said to listen', async () => {
  await using bench = new TestEngine();
  const { view, port, listener } = await bench.serve();
  const before = childrenOf(process.pid);
  await bench.engine.setAccepting(view.id, false);
  for (const pid of childrenOf(process.pid)) if (!before.includes(pid)) process.kill(pid, 'SIGKILL');
  expect(await bench.event(listener, 'closed')).toMatchObject({ cause: 'failed', errno: 'ECONNABORTED' });
  expect(await bench.engine.setAccepting(view.id, true)).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
  expect(bench.engine.snapshot().endpoints[0]).toMatchObject({ state: 'failed', accepting: false });
  await bench.serve({ port });
});

/** The processes that `pid` has started (Linux). */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

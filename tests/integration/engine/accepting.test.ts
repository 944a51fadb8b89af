import net from 'node:net';
import { expect, test } from 'vitest';
import { defaultClient } from '#shared/contract/endpoint-config.ts';
import { TestEngine } from '#support/engine.ts';

/** Connects and gives the socket when the kernel has completed its handshake. */
function connected(port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

test('a server that does not accept leaves who connects in its backlog, and takes them when it accepts again', async () => {
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

test('a backlog that is full answers nobody: connect() waits, and times out', async () => {
  await using bench = new TestEngine();
  const { view, port } = await bench.serve({ backlog: 1 });
  await bench.engine.setAccepting(view.id, false);
  // Linux holds one more than the backlog says.
  const held = await Promise.all([connected(port), connected(port)]);
  const created = bench.engine.create({ ...defaultClient, port, connectTimeoutMs: 400 });
  const opened = await bench.engine.open(created.id);
  expect(opened).toMatchObject({ ok: false, error: { code: 'timed-out' } });
  for (const socket of held) socket.destroy();
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

import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { type ClientConfig, defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { TestEngine } from '#support/engine.ts';

const reconnect: ClientConfig['reconnect'] = {
  kind: 'fixed',
  delayMs: 10,
  maxDelayMs: 10,
  jitter: false,
  maxAttempts: 0,
};

/** A server that counts its clients and handles each as given. */
async function serverOf(
  port: number,
  act: (socket: net.Socket, nth: number) => void,
): Promise<AsyncDisposable & { port: number }> {
  let count = 0;
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    count += 1;
    act(socket, count);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a client that reconnects', () => {
  test('makes a socket for each attempt, after the wait it says, until it is connected again', async () => {
    await using bench = new TestEngine();
    // The first two connections are dropped, the third stays.
    await using server = await serverOf(0, (socket, nth) => nth < 3 && socket.end());
    const view = await bench.connect(server.port, { reconnect });
    const sockets = await bench.log.until((log) => {
      const opened = log.records.filter(({ kind }) => kind === 'opened').map(({ socket }) => socket);
      return opened.length === 3 && opened;
    });
    expect(new Set(sockets).size).toBe(3);
    expect(bench.log.kinds(sockets[0] as number).at(-1)).toBe('closed');
    for (const [index, socket] of sockets.slice(1).entries()) {
      expect(bench.log.kinds(socket).slice(0, 2)).toEqual(['waiting', 'connecting']);
      // A peer that closes immediately has not been reached.
      expect(await bench.event(socket, 'waiting')).toEqual({ kind: 'waiting', attempt: index + 1, delayMs: 10 });
    }
    await bench.engine.close(view.id);
    expect((await bench.event(sockets[2] as number, 'closed')).cause).toBe('local');
  });

  test('continues where nothing listens, reports the first failure, and connects when a server comes', async () => {
    await using bench = new TestEngine();
    const { port, view: gone } = await bench.serve();
    await bench.engine.close(gone.id);
    const created = bench.engine.create({ ...defaultClient, port, reconnect });
    const opened = await bench.engine.open(created.id);
    expect(opened).toMatchObject({ ok: false, error: { code: 'refused' } });
    const attempts = await bench.log.until((log) => {
      const waits = log.records.flatMap(({ event }) => (event?.kind === 'waiting' ? [event.attempt] : []));
      return waits.length >= 3 && waits;
    });
    expect(attempts.slice(0, 3)).toEqual([1, 2, 3]);
    await using _server = await serverOf(port, () => {});
    await bench.log.until((log) => log.records.some(({ kind }) => kind === 'opened'));
    const view = bench.engine.snapshot().endpoints.find(({ id }) => id === created.id);
    expect(view).toMatchObject({ state: 'connected', error: undefined, retry: undefined });
  });

  test('shows when it tries next, and is called off while it waits', async () => {
    await using bench = new TestEngine();
    const { port, view: gone } = await bench.serve();
    await bench.engine.close(gone.id);
    const created = bench.engine.create({ ...defaultClient, port, reconnect: { ...reconnect, delayMs: 3_600_000 } });
    await bench.engine.open(created.id);
    const waiting = bench.engine.snapshot().endpoints.find(({ id }) => id === created.id);
    expect(waiting).toMatchObject({ state: 'waiting', retry: { attempt: 1 } });
    expect(waiting?.retry?.at).toBeGreaterThan(Date.now() + 3_000_000);
    const socket = waiting?.socket as number;
    expect(await bench.engine.close(created.id)).toMatchObject({
      ok: true,
      value: { state: 'closed', retry: undefined },
    });
    expect(bench.log.kinds(socket)).toEqual(['waiting', 'closed']);
  });

  test('gives up after the attempts that it has', async () => {
    await using bench = new TestEngine();
    const { port, view: gone } = await bench.serve();
    await bench.engine.close(gone.id);
    const created = bench.engine.create({ ...defaultClient, port, reconnect: { ...reconnect, maxAttempts: 2 } });
    await bench.engine.open(created.id);
    await bench.log.until((log) => {
      const client = log.records.filter(({ event }) => event?.kind === 'closed' && event.cause === 'failed');
      return client.length === 3;
    });
    await bench.engine.close(created.id);
    expect(bench.log.records.filter(({ kind }) => kind === 'waiting')).toHaveLength(2);
    expect(bench.engine.snapshot().endpoints.find(({ id }) => id === created.id)).toMatchObject({
      state: 'failed',
      error: { code: 'refused' },
    });
  });

  test.each(['close', 'reset'] as const)('stays away when it was ended by us with %s', async (how) => {
    await using bench = new TestEngine();
    await using server = await serverOf(0, () => {});
    const view = await bench.connect(server.port, { reconnect });
    if (how === 'close') bench.engine.closeSocket(view.socket);
    else bench.engine.reset(view.socket);
    await bench.event(view.socket, 'closed');
    await bench.engine.close(view.id);
    expect(bench.log.records.some(({ kind }) => kind === 'waiting')).toBe(false);
  });
});

test('a connection that received something resets the count of attempts', async () => {
  await using bench = new TestEngine();
  await using server = await serverOf(0, (socket, nth) => socket.end(nth < 4 ? 'hello' : ''));
  const view = await bench.connect(server.port, { reconnect: { ...reconnect, maxAttempts: 1 } });
  await bench.log.until((log) => log.records.filter(({ kind }) => kind === 'opened').length === 4);
  await bench.engine.close(view.id);
  const attempts = bench.log.records.flatMap(({ event }) => (event?.kind === 'waiting' ? [event.attempt] : []));
  expect(attempts).toEqual([1, 1, 1]);
});

test('a framing that is chosen while a client waits is the one its next connection has', async () => {
  await using bench = new TestEngine();
  const { port, view: gone } = await bench.serve();
  await bench.engine.close(gone.id);
  const config = { ...defaultClient, port, reconnect: { ...reconnect, delayMs: 200 } };
  const created = bench.engine.create(config);
  await bench.engine.open(created.id);
  bench.engine.update(created.id, { ...config, framing: { kind: 'json' } });
  await using _server = await serverOf(port, (socket) => socket.write('{"a":1}{"b":2}'));
  const socket = await bench.log.until((log) => log.records.find(({ kind }) => kind === 'opened')?.socket);
  await bench.log.until((log) => log.of(socket).filter(({ kind }) => kind === 'in').length === 2);
  expect(bench.log.sockets.get(socket)?.framing).toBe('json');
});

import net from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createConfig, defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { describeEvent } from '#shared/record/record.ts';
import { CertificateFolder } from '#support/certificates.ts';
import { serverLimits } from '#support/config.ts';
import { TestEngine } from '#support/engine.ts';
import { startPeer } from '#support/peer.ts';

/** A plain listener of Node's, on a port of the system's choice. */
async function plainServer(
  onConnection: (socket: net.Socket) => void = () => {},
): Promise<AsyncDisposable & { port: number }> {
  const server = net.createServer(onConnection);
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port on which nothing listens: one that was just given back. */
async function unusedPort(): Promise<number> {
  await using server = await plainServer();
  return server.port;
}

describe('launching', () => {
  test('on a port in use says who holds it and names a free one, which works', async () => {
    await using holder = await plainServer();
    await using bench = new TestEngine();
    const { id } = bench.engine.create({ ...defaultServer, port: holder.port });
    const opened = await bench.engine.open(id);
    if (opened.ok) throw new Error('it listens');
    expect(opened.error.code).toBe('address-in-use');
    expect(opened.error.message).toBe(`Could not listen on 127.0.0.1:${holder.port}`);
    expect(opened.error.system).toBe('bind(): EADDRINUSE (address already in use)');
    expect(opened.error.hint).toContain(`port ${opened.error.freePort}, which is free`);
    if (process.platform === 'linux') expect(opened.error.hint).toContain(`has port ${holder.port} open`);
    const listener = bench.log.records[0]?.socket as number;
    expect(bench.log.kinds(listener)).toEqual(['failed', 'closed']);

    expect(bench.engine.update(id, { ...defaultServer, port: opened.error.freePort as number }).ok).toBe(true);
    expect((await bench.engine.open(id)).ok).toBe(true);
  });

  test('on an address this machine does not have says so', async () => {
    await using bench = new TestEngine();
    const { id } = bench.engine.create({ ...defaultServer, host: '192.0.2.1', port: 0 });
    const opened = await bench.engine.open(id);
    expect(opened).toMatchObject({ ok: false, error: { code: 'address-not-available' } });
  });

  test('a second time while it listens is refused', async () => {
    await using bench = new TestEngine();
    const { view } = await bench.serve();
    expect(await bench.engine.open(view.id)).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
  });

  test('shows whether other machines can reach it', async () => {
    await using bench = new TestEngine();
    expect((await bench.serve({ host: '0.0.0.0' })).view.exposed).toBe(true);
    expect((await bench.serve({ host: '127.0.0.1' })).view.exposed).toBe(false);
  });
});

describe('connecting', () => {
  test('to a port where nothing listens is refused, and the next attempt can succeed', async () => {
    const port = await unusedPort();
    await using bench = new TestEngine();
    const { id } = bench.engine.create({ ...defaultClient, port });
    expect(await bench.engine.open(id)).toMatchObject({
      ok: false,
      error: {
        code: 'refused',
        message: `Could not connect to 127.0.0.1:${port}`,
        system: 'connect(): ECONNREFUSED (connection refused)',
      },
    });
    expect(bench.log.kinds(1)).toEqual(['connecting', 'failed', 'closed']);
    const failed = await bench.event(1, 'failed');
    expect(describeEvent(failed)).toBe(`connect() to 127.0.0.1:${port} failed: ECONNREFUSED (connection refused)`);
    expect(bench.engine.snapshot().endpoints[0]).toMatchObject({ state: 'failed', error: { code: 'refused' } });

    await bench.serve({ port });
    expect((await bench.engine.open(id)).ok).toBe(true);
    expect(bench.engine.snapshot().endpoints[0]).toMatchObject({ state: 'connected', error: undefined });
  });

  test.each([
    ['tls', 'ca', 'CA file', 'none.pem'],
    ['wss', 'ca', 'CA file', 'none.pem'],
    ['tls', 'key', 'key', 'none.pem'],
    ['tls', 'certificate', 'certificate', 'folder/none.pem'],
  ] as const)(
    '%s with a file that cannot be read names it, before anybody is called: %s',
    async (transport, option, what, name) => {
      using folder = new CertificateFolder();
      const { certificate, key } = await folder.leaf();
      const path = join(folder.path, name);
      const tls = { certificate, key, [option]: path };
      await using bench = new TestEngine();
      const { port } = await bench.serve();
      const client = bench.engine.create(createConfig('client', transport, { port, tls }));
      const server = bench.engine.create(createConfig('server', transport, { port: 0, tls }));
      const wanted = {
        ok: false,
        error: {
          code: 'file',
          system: `open(): ENOENT (the ${what} ${path} could not be read: no such file or folder)`,
          hint: `The ${what === 'CA file' ? what : `${what} file`} ${path} does not exist: check its path.`,
        },
      };
      expect(await bench.engine.open(client.id)).toMatchObject(wanted);
      expect(await bench.engine.open(server.id)).toMatchObject(wanted);
      expect(bench.log.kinds(2)).toEqual(['failed', 'closed']);
      expect(bench.log.kinds(3)).toEqual(['failed', 'closed']);
      expect(bench.log.kinds(1)).toEqual(['listening']);
      const sentence = describeEvent(await bench.event(2, 'failed'));
      expect(sentence).toBe(`open() failed: ENOENT (the ${what} ${path} could not be read: no such file or folder)`);
    },
  );

  test('to a name that does not resolve says so', async () => {
    await using bench = new TestEngine();
    const { id } = bench.engine.create({ ...defaultClient, host: 'no-such-host.invalid' });
    expect(await bench.engine.open(id)).toMatchObject({ ok: false, error: { code: 'name-not-found' } });
    expect(bench.log.kinds(1)).toEqual(['failed', 'closed']);
  });

  test('to a name tries every address it resolves to and records each', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ host: '127.0.0.1' });
    const { socket } = await bench.connect(port, { host: 'localhost' });
    const resolved = await bench.event(socket, 'resolved');
    const tries = bench.log.of(socket).flatMap(({ event }) => (event?.kind === 'connecting' ? [event.peer] : []));
    expect(tries).toEqual(resolved.addresses.slice(0, tries.length));
    expect(tries.at(-1)?.host).toBe('127.0.0.1');
    const refused = bench.log.of(socket).filter(({ kind }) => kind === 'failed');
    expect(refused).toHaveLength(tries.length - 1);
  });

  test('binds the local address and port that were asked for', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve();
    // After the server has its port: it would be given this one.
    const localPort = await unusedPort();
    const { socket } = await bench.connect(port, { localHost: '127.0.0.1', localPort });
    expect((await bench.event(socket, 'opened')).local).toEqual({ host: '127.0.0.1', port: localPort, family: 4 });
  });

  test('from an invalid local address says so, and the client can be used again', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve();
    const { id } = bench.engine.create({ ...defaultClient, port, localHost: 'localhost' });
    expect(await bench.engine.open(id)).toMatchObject({
      ok: false,
      error: {
        code: 'address-not-available',
        message: `Could not connect to 127.0.0.1:${port} from localhost:0`,
        system: 'bind(): EADDRNOTAVAIL (address not available)',
      },
    });
    expect(bench.engine.update(id, { ...defaultClient, port }).ok).toBe(true);
    expect((await bench.engine.open(id)).ok).toBe(true);
  });

  test('can be given up while it waits for an answer', async () => {
    await using silent = await startPeer('full_queue.py');
    await using bench = new TestEngine();
    const { id } = bench.engine.create({ ...defaultClient, port: Number(await silent.line()) });
    const opening = bench.engine.open(id);
    const { socket } = await bench.log.until((log) => log.records.find(({ kind }) => kind === 'connecting'));
    await bench.engine.close(id);
    expect(await opening).toMatchObject({ ok: false, error: { code: 'aborted' } });
    expect(bench.log.kinds(socket)).toEqual(['connecting', 'closed']);
  });

  test('gives up on an address that does not answer in time', async () => {
    await using silent = await startPeer('full_queue.py');
    await using bench = new TestEngine();
    const port = Number(await silent.line());
    const { id } = bench.engine.create({ ...defaultClient, port, connectTimeoutMs: 100 });
    expect(await bench.engine.open(id)).toMatchObject({ ok: false, error: { code: 'timed-out' } });
    expect(bench.log.records.at(-1)?.event).toMatchObject({ kind: 'closed', cause: 'timeout', errno: 'ETIMEDOUT' });
  });
});

describe('sending', () => {
  test('to a peer that resets in the middle reports how much was sent, and records exactly that', async () => {
    await using server = await plainServer((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    await using bench = new TestEngine();
    const { socket } = await bench.connect(server.port);
    const [outcome] = await bench.send([socket], Buffer.alloc(32 * 1_048_576, 'x'));
    expect(outcome?.error?.code).toBe('reset');
    expect(outcome?.bytes).toBeLessThan(32 * 1_048_576);
    const closed = await bench.event(socket, 'closed');
    expect(closed.cause).toBe('reset-by-peer');
    expect(bench.log.stream(socket, 'out')).toHaveLength(outcome?.bytes as number);
    const sent = bench.log.of(socket).filter(({ kind }) => kind === 'out');
    for (const record of sent) expect(record.flags).toBe(messageFlags.incomplete);
  });

  test('to a socket that is closed or never was says so', async () => {
    await using bench = new TestEngine();
    const [outcome] = await bench.send([99], Buffer.from('x'));
    expect(outcome?.error).toMatchObject({ code: 'wrong-state', message: 'Could not send to socket 99' });
  });

  test('more than may wait is refused and names the setting', async () => {
    await using server = await plainServer((socket) => socket.pause());
    await using bench = new TestEngine();
    const limits = { ...serverLimits, maxQueued: 65_536 };
    const { socket } = await bench.connect(server.port, { limits });
    const [outcome] = await bench.send([socket], Buffer.alloc(65_537));
    expect(outcome?.error).toMatchObject({ code: 'too-large', system: expect.stringContaining('maxQueued') });
  });

  test('on a connection that is being closed is refused, and the close stays an orderly one', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve();
    const { socket } = await bench.connect(port);
    bench.engine.closeSocket(socket);
    const [outcome] = await bench.send([socket], Buffer.from('x'));
    expect(outcome?.error).toMatchObject({ code: 'wrong-state', system: 'our side is being closed' });
    expect((await bench.event(socket, 'closed')).cause).toBe('local');
  });

  test('to a peer that takes nothing ends with the grace of a close, which says what was not sent', async () => {
    await using server = await plainServer((socket) => socket.pause());
    await using bench = new TestEngine();
    const { socket } = await bench.connect(server.port);
    const sending = bench.send([socket], Buffer.alloc(16 * 1_048_576));
    bench.engine.closeSocket(socket);
    const [outcome] = await sending;
    expect(outcome?.error?.code).toBe('closed');
    const left = 16 * 1_048_576 - (outcome?.bytes as number);
    expect((await bench.event(socket, 'limited')).text).toContain(`${left} bytes were not sent`);
    // Reading was not paused meanwhile by the queue.
    expect(bench.log.kinds(socket)).toEqual(['connecting', 'opened', 'limited', 'out', 'limited', 'closed']);
  });

  test('reaches each of several peers', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
    const clients = [await bench.connect(port), await bench.connect(port), await bench.connect(port)];
    const peers = [await bench.accepted(0), await bench.accepted(1), await bench.accepted(2)];
    const outcomes = await bench.send(peers, Buffer.from('all of you'));
    expect(outcomes.map(({ socket, bytes }) => [socket, bytes])).toEqual(peers.map((peer) => [peer, 10]));
    for (const { socket } of clients) expect(String(await bench.stream(socket, 'in', 10))).toBe('all of you');
  });
});

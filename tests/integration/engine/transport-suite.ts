import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import type { RecordKind } from '#shared/record/record.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { ClientChanges, ServerChanges } from '#support/config.ts';
import { clientConfig, serverConfig } from '#support/config.ts';
import { TestEngine } from '#support/engine.ts';

/** How a transport differs from the defaults. */
export interface TransportCase {
  readonly server: ServerChanges;
  readonly client: ClientChanges;
}

/** What is agreed on after the connection is there: no part of its life as such. */
const agreements: readonly RecordKind[] = ['secured', 'http', 'upgraded', 'resolved'];

const hello = Buffer.from('Hello, server!');

/**
 * What every transport of connections must do. `make` gives the configuration of one test: a local
 * socket's path is nobody else's.
 */
export function describeTransport(name: string, make: () => TransportCase): void {
  const { transport = 'tcp' } = make().server;
  const { halfClose, reset, messageOriented } = abilitiesOf(transport);
  describe(name, () => {
    let server: ServerChanges = {};
    let client: ClientChanges = {};
    beforeEach(() => {
      ({ server, client } = make());
    });
    const kinds = (bench: TestEngine, socket: number) =>
      bench.log.kinds(socket).filter((kind) => !agreements.includes(kind));

    test('opens, accepts, and answers what the behaviour says', async () => {
      await using bench = new TestEngine();
      const { port, listener } = await bench.serve(server);
      const { socket } = await bench.connect(port, client);
      const peer = await bench.joined();
      const [outcome] = await bench.send([socket], hello);
      expect(outcome).toEqual({ socket, bytes: hello.length });
      expect(String(await bench.stream(socket, 'in', 17))).toBe('Message received!');
      expect(String(bench.log.stream(peer, 'in'))).toBe('Hello, server!');
      await bench.stream(peer, 'out', 17);
      expect(kinds(bench, listener)).toEqual(['listening']);
      expect(kinds(bench, peer)).toEqual(['accepted', 'in', 'out']);
      expect(kinds(bench, socket).slice(-3)).toEqual(['opened', 'out', 'in']);
    });

    test('echoes a big transfer byte for byte', async () => {
      await using bench = new TestEngine();
      const { port } = await bench.serve({ ...server, behaviour: { kind: 'echo' } });
      const { socket } = await bench.connect(port, client);
      const sent = randomBytes(5_000_000);
      const [outcome] = await bench.send([socket], sent);
      expect(outcome?.bytes).toBe(sent.length);
      await bench.log.until(
        () => bench.engine.snapshot().sockets.find(({ id }) => id === socket)?.bytesIn === sent.length,
      );
      expect(digest(bench.log.stream(socket, 'in'))).toBe(digest(sent));
      expect(digest(bench.log.stream(socket, 'out'))).toBe(digest(sent));
    });

    if (halfClose)
      test('a half-close by the client leaves the way back open', async () => {
        await using bench = new TestEngine();
        const { port } = await bench.serve({ ...server, halfOpen: true, behaviour: { kind: 'silent' } });
        const { socket } = await bench.connect(port, { ...client, halfOpen: true });
        const peer = await bench.joined();
        bench.engine.shutdown(socket);
        await bench.event(peer, 'ended');
        await bench.send([peer], hello);
        expect(String(await bench.stream(socket, 'in', hello.length))).toBe('Hello, server!');
        const [refused] = await bench.send([socket], hello);
        expect(refused?.error?.code).toBe('wrong-state');
        bench.engine.closeSocket(peer);
        expect((await bench.event(socket, 'closed')).cause).toBe('local');
        expect((await bench.event(peer, 'closed')).cause).toBe('peer');
      });

    if (halfClose)
      test('a half-close by the server leaves the way back open', async () => {
        await using bench = new TestEngine();
        const { port } = await bench.serve({ ...server, halfOpen: true, behaviour: { kind: 'silent' } });
        const { socket } = await bench.connect(port, { ...client, halfOpen: true });
        const peer = await bench.joined();
        bench.engine.shutdown(peer);
        await bench.event(socket, 'ended');
        await bench.send([socket], hello);
        expect(String(await bench.stream(peer, 'in', hello.length))).toBe('Hello, server!');
        bench.engine.closeSocket(socket);
        expect((await bench.event(peer, 'closed')).cause).toBe('local');
      });

    test('an orderly close of one side closes the other', async () => {
      await using bench = new TestEngine();
      const { port } = await bench.serve(server);
      const { socket } = await bench.connect(port, client);
      const peer = await bench.joined();
      bench.engine.closeSocket(socket);
      expect((await bench.event(peer, 'closed')).cause).toBe('peer');
      expect((await bench.event(socket, 'closed')).cause).toBe('local');
      expect(kinds(bench, peer)).toEqual(['accepted', 'ended', 'closed']);
    });

    for (const side of reset ? (['client', 'server'] as const) : []) {
      test(`a reset by the ${side} ends both sides immediately`, async () => {
        await using bench = new TestEngine();
        const { port } = await bench.serve(server);
        const { socket } = await bench.connect(port, client);
        const peer = await bench.joined();
        // TLS still writes after its handshake, and a write may take the answer that is the reader's (ECONNRESET).
        await bench.send([socket], hello);
        await bench.stream(socket, 'in', 17);
        const [resetting, other] = side === 'client' ? [socket, peer] : [peer, socket];
        bench.engine.reset(resetting);
        expect((await bench.event(resetting, 'closed')).cause).toBe('reset-by-us');
        const closed = await bench.event(other, 'closed');
        expect(closed).toMatchObject({ cause: 'reset-by-peer', errno: 'ECONNRESET' });
      });
    }

    test('stopping a server closes its connections and frees its address', async () => {
      await using bench = new TestEngine();
      const { port, view, listener } = await bench.serve(server);
      const { socket } = await bench.connect(port, client);
      const peer = await bench.joined();
      await bench.engine.close(view.id);
      expect((await bench.event(peer, 'closed')).cause).toBe('stopped');
      expect((await bench.event(socket, 'closed')).cause).toBe('peer');
      expect(kinds(bench, listener)).toEqual(['listening', 'closed']);
      await bench.serve({ ...server, port });
    });

    test('where nothing answers the attempt fails with its cause, and the next one can succeed', async () => {
      await using bench = new TestEngine();
      const { port, view } = await bench.serve(server);
      await bench.engine.close(view.id);
      const created = bench.engine.create(clientConfig({ port: port || defaultClient.port, ...client }));
      const failed = await bench.engine.open(created.id);
      expect(failed).toMatchObject({ ok: false, error: { code: transport === 'local' ? 'file' : 'refused' } });
      await bench.serve({ ...server, port });
      expect(await bench.engine.open(created.id)).toMatchObject({ ok: true, value: { state: 'connected' } });
    });

    test('an address in use is not taken twice', async () => {
      await using bench = new TestEngine();
      const { port } = await bench.serve(server);
      const second = bench.engine.create(serverConfig({ ...server, port }));
      expect(await bench.engine.open(second.id)).toMatchObject({ ok: false, error: { code: 'address-in-use' } });
      // The first one is unaffected.
      const { socket } = await bench.connect(port, client);
      await bench.send([socket], hello);
      expect(String(await bench.stream(socket, 'in', 17))).toBe('Message received!');
    });

    if (messageOriented)
      test('messages come as they were sent, the empty ones too', async () => {
        await using bench = new TestEngine();
        const { port } = await bench.serve({ ...server, behaviour: { kind: 'silent' } });
        const { socket } = await bench.connect(port, client);
        const sizes = [5, 0, 70_000, 1];
        for (const size of sizes) await bench.send([socket], new Uint8Array(size));
        const peer = await bench.joined();
        const received = await bench.log.until((log) => {
          const found = log.of(peer).filter(({ kind }) => kind === 'in');
          return found.length === sizes.length && found;
        });
        expect(received.map(({ bytes }) => bytes.length)).toEqual(sizes);
      });

    test('nothing follows the one closed event of a socket', async () => {
      await using bench = new TestEngine();
      const { port, view } = await bench.serve({ ...server, behaviour: { kind: 'echo' } });
      const clients = await Promise.all(Array.from({ length: 8 }, () => bench.connect(port, client)));
      const sends = clients.map(({ socket }) => bench.send([socket], randomBytes(300_000)));
      clients.forEach(({ socket }, index) => {
        if (index % 2 === 0) reset ? bench.engine.reset(socket) : bench.engine.closeSocket(socket);
      });
      await Promise.all(sends);
      await bench.engine.close(view.id);
      await Promise.all(clients.map(({ id }) => bench.engine.close(id)));
      for (const id of bench.log.sockets.keys()) {
        const kinds = bench.log.kinds(id);
        expect(kinds.filter((kind) => kind === 'closed')).toHaveLength(1);
        expect(kinds.at(-1)).toBe('closed');
      }
      expect(bench.log.records.map((record) => record.seq)).toEqual(bench.log.records.map((_, index) => index));
    });

    test('reading waits while the log is congested and continues, with nothing lost, when it has caught up', async () => {
      await using bench = new TestEngine();
      const { port } = await bench.serve({ ...server, behaviour: { kind: 'echo' } });
      const slow = await bench.connect(port, client);
      const fast = await bench.connect(port, client);
      const slowPeer = await bench.joined(0);
      bench.log.congested = true;
      await bench.send([slow.socket], randomBytes(100_000));
      await bench.log.until((log) => log.stream(slowPeer, 'in').length > 0);
      const before = bench.log.stream(slowPeer, 'in').length;
      expect(before).toBeLessThanOrEqual(100_000);
      bench.log.drain();
      await bench.send([fast.socket], hello);
      expect(String(await bench.stream(fast.socket, 'in', hello.length))).toBe('Hello, server!');
      await bench.stream(slow.socket, 'in', 100_000);
    });
  });
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ClientChanges, ServerChanges } from '#support/config.ts';
import { serverLimits } from '#support/config.ts';
import { TestEngine } from '#support/engine.ts';
import { startPeer } from '#support/peer.ts';

const cases: readonly [string, ServerChanges, ClientChanges][] = [
  ['UDP over IPv4', { transport: 'udp', host: '127.0.0.1' }, { transport: 'udp', host: '127.0.0.1' }],
  ['UDP over IPv6', { transport: 'udp', host: '::1' }, { transport: 'udp', host: '::1' }],
];

describe.each(cases)('%s', (_name, server, client) => {
  test('binds, makes a UDP peer of a peer, and answers each datagram', async () => {
    await using bench = new TestEngine();
    const { view, port, listener } = await bench.serve(server);
    expect(view).toMatchObject({ state: 'bound', peers: 0 });
    const { socket } = await bench.connect(port, client);
    await bench.send([socket], Buffer.from('Hello, server!'));
    const udpPeer = await bench.log.until((log) => log.records.find(({ kind }) => kind === 'peer-added')?.socket);
    expect(String(await bench.stream(socket, 'in', 17))).toBe('Message received!');
    expect(bench.log.kinds(listener)).toEqual(['bound']);
    expect(bench.log.kinds(udpPeer)).toEqual(['peer-added', 'in', 'out']);
    expect(bench.log.sockets.get(udpPeer)).toMatchObject({ transport: 'udp', framing: 'raw', role: 'accepted' });
  });

  test('keeps datagrams whole, from the empty one to the largest', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ ...server, behaviour: { kind: 'echo' } });
    const { socket } = await bench.connect(port, client);
    const sizes = [0, 1, 9_000, 65_507];
    for (const [index, size] of sizes.entries()) {
      await bench.send([socket], randomBytes(size));
      await bench.log.until((log) => log.of(socket).filter(({ kind }) => kind === 'in').length === index + 1);
    }
    const back = bench.log.of(socket).filter(({ kind }) => kind === 'in');
    expect(back.map(({ bytes }) => bytes.length)).toEqual(sizes);
    expect(bench.log.stream(socket, 'in').equals(bench.log.stream(socket, 'out'))).toBe(true);
  });

  test('a datagram that is too long is refused in words, and the next one goes', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve(server);
    const { socket } = await bench.connect(port, client);
    const [refused] = await bench.send([socket], new Uint8Array(70_000));
    expect(refused).toMatchObject({ bytes: 0, error: { code: 'too-large' } });
    expect(await bench.event(socket, 'limited')).toMatchObject({ limit: 'datagram' });
    const [sent] = await bench.send([socket], Buffer.from('short'));
    expect(sent).toEqual({ socket, bytes: 5 });
    expect(bench.engine.snapshot().sockets.find(({ id }) => id === socket)?.queued).toBe(0);
  });

  test('a missing receiver is reported and ends nothing', async () => {
    await using bench = new TestEngine();
    const { port, view } = await bench.serve(server);
    const { socket } = await bench.connect(port, client);
    await bench.engine.close(view.id);
    await bench.send([socket], Buffer.from('anybody?'));
    expect(await bench.event(socket, 'limited')).toMatchObject({ limit: 'refused' });
    expect(bench.log.kinds(socket)).not.toContain('closed');
    await bench.serve({ ...server, port });
    await bench.send([socket], Buffer.from('and now?'));
    await bench.stream(socket, 'in', 17);
  });

  test('stopping closes the UDP peers, frees the port, and nothing follows', async () => {
    await using bench = new TestEngine();
    const { port, view, listener } = await bench.serve({ ...server, behaviour: { kind: 'echo' } });
    const clients = await Promise.all(Array.from({ length: 20 }, () => bench.connect(port, client)));
    await Promise.all(clients.map(({ socket }) => bench.send([socket], Buffer.from('x'))));
    await bench.log.until((log) => log.records.filter(({ kind }) => kind === 'peer-added').length === 20);
    await bench.engine.close(view.id);
    await Promise.all(clients.map(({ id }) => bench.engine.close(id)));
    for (const id of bench.log.sockets.keys()) {
      expect(bench.log.kinds(id).filter((kind) => kind === 'closed')).toHaveLength(1);
      expect(bench.log.kinds(id).at(-1)).toBe('closed');
    }
    expect(bench.log.kinds(listener)).toEqual(['bound', 'closed']);
    await bench.serve({ ...server, port });
  });

  test('a peer that was never heard of can be added and sent to', async () => {
    await using bench = new TestEngine();
    const one = await bench.serve({ ...server, behaviour: { kind: 'silent' } });
    const other = await bench.serve({ ...server, behaviour: { kind: 'echo' } });
    const added = await bench.engine.addPeer(one.view.id, String(server.host), other.port);
    if (!added.ok) throw new Error(added.error.message);
    const again = await bench.engine.addPeer(one.view.id, String(server.host), other.port);
    expect(again).toEqual(added);
    await bench.send([added.value.socket], Buffer.from('first word'));
    expect(String(await bench.stream(added.value.socket, 'in', 10))).toBe('first word');
  });

  test('at the limit of peers a known peer is returned, and another is refused with the limit and its setting', async () => {
    await using bench = new TestEngine();
    const limits = { ...serverLimits, maxConnections: 1 };
    const { view } = await bench.serve({ ...server, limits });
    const added = await bench.engine.addPeer(view.id, String(server.host), 9);
    expect(added).toMatchObject({ ok: true });
    expect(await bench.engine.addPeer(view.id, String(server.host), 9)).toEqual(added);
    const refused = await bench.engine.addPeer(view.id, String(server.host), 10);
    expect(refused).toMatchObject({ ok: false, error: { code: 'too-large' } });
    if (refused.ok) throw new Error('it was added');
    expect(refused.error.system).toBe('the limit of peers (maxConnections) is 1, and there are 1');
    expect(refused.error.hint).toContain('maxConnections');
  });

  test('a port in use says who holds it', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve(server);
    const second = bench.engine.create({ ...(await bench.serve(server)).view.config, port });
    const opened = await bench.engine.open(second.id);
    if (opened.ok) throw new Error('it is bound');
    expect(opened.error.code).toBe('address-in-use');
    expect(opened.error.freePort).toBeGreaterThan(0);
  });
});

describe('an unconnected UDP client', () => {
  test('hears other peers than the one it sends to, each as a UDP peer', async () => {
    await using bench = new TestEngine();
    const udp = { transport: 'udp', host: '127.0.0.1' } as const;
    const { port } = await bench.serve(udp);
    const stranger = await bench.serve({ ...udp, behaviour: { kind: 'silent' } });
    const client = await bench.connect(port, {
      ...udp,
      udp: { connected: false },
    });
    await bench.send([client.socket], Buffer.from('Hello'));
    await bench.stream(client.socket, 'in', 17);
    const local = bench.engine.snapshot().sockets.find(({ id }) => id === client.socket)?.local ?? '';
    const added = await bench.engine.addPeer(stranger.view.id, '127.0.0.1', Number(local.split(':').at(-1)));
    if (!added.ok) throw new Error(added.error.message);
    await bench.send([added.value.socket], Buffer.from('unasked'));
    const udpPeer = await bench.log.until(
      (log) =>
        log.records.find(({ kind, socket }) => kind === 'peer-added' && log.stream(socket, 'in').length === 7)?.socket,
    );
    expect(bench.engine.snapshot().sockets.find(({ id }) => id === udpPeer)).toMatchObject({ endpoint: client.id });
    // Its sockets are recorded as such: sendto() and recvfrom() are what it calls.
    const isUnconnected = [client.socket, udpPeer, added.value.socket].map(
      (id) => bench.log.sockets.get(id ?? 0)?.unconnected,
    );
    expect(isUnconnected).toEqual([true, true, undefined]);
    await bench.engine.close(client.id);
    expect(bench.log.kinds(udpPeer).at(-1)).toBe('closed');
  });
});

test('Python’s recvfrom and sendto are answered', async () => {
  await using bench = new TestEngine();
  await using python = await startPeer('udp_echo.py', '127.0.0.1');
  const port = Number(/\d+$/.exec(await python.line())?.[0]);
  const { socket } = await bench.connect(port, { transport: 'udp' });
  await bench.send([socket], Buffer.from('Hello, Python'));
  expect(String(await bench.stream(socket, 'in', 13))).toBe('Hello, Python');
});

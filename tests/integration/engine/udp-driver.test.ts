import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CallFailure } from '#engine/failures.ts';
import { startPeer } from '#support/peer.ts';
import { BoundUdp, bindFailure, connectUdp, Recorded, UdpClient } from '#support/udp.ts';

const linux = process.platform === 'linux';

describe('a bound socket', () => {
  test('reports where it is bound, and frees the address when stopped', async () => {
    const bound = await BoundUdp.open();
    const { local, event } = bound.listening;
    expect(local).toMatchObject({ host: '127.0.0.1', family: 4 });
    expect(local.port).toBeGreaterThan(0);
    expect(event).toEqual({ kind: 'bound', local, joined: undefined });
    await bound.listening.stop();
    await using again = await BoundUdp.open({ port: local.port });
    expect(again.port).toBe(local.port);
  });

  test('a name is resolved before it is bound', async () => {
    await using bound = await BoundUdp.open({ host: 'localhost' });
    expect(['127.0.0.1', '::1']).toContain(bound.listening.local.host);
  });

  test.each([
    [{ host: 'no-such-host.invalid' }, 'getaddrinfo', /^(ENOTFOUND|EAI_AGAIN)$/],
    [{ host: '192.0.2.222' }, 'bind', /^EADDRNOTAVAIL$/],
  ] as const)('%o fails in %s', async (config, call, errno) => {
    const failure = await bindFailure(config);
    expect(failure.call).toBe(call);
    expect(failure.errno).toMatch(errno);
  });

  test('a port in use is refused, and shared where both ask for it', async () => {
    await using first = await BoundUdp.open();
    expect(await bindFailure({ port: first.port })).toMatchObject({ call: 'bind', errno: 'EADDRINUSE' });
    const bind = { ipv6Only: false, reuseAddress: true, reusePort: false };
    await using second = await BoundUdp.open({ bind });
    await using third = await BoundUdp.open({ bind, port: second.port });
    expect(third.port).toBe(second.port);
  });

  test.runIf(linux)('SO_REUSEPORT spreads peers over the sockets of a port', async () => {
    const bind = { ipv6Only: false, reuseAddress: false, reusePort: true };
    await using first = await BoundUdp.open({ bind });
    await using second = await BoundUdp.open({ bind, port: first.port });
    const clients = await Promise.all(Array.from({ length: 32 }, () => UdpClient.open(first.port)));
    for (const client of clients) await client.send('hello');
    while (first.udpPeers.length + second.udpPeers.length < 32) {
      await Promise.race([first.udpPeer(first.udpPeers.length), second.udpPeer(second.udpPeers.length)]);
    }
    expect(first.udpPeers.length).toBeGreaterThan(0);
    expect(second.udpPeers.length).toBeGreaterThan(0);
    for (const client of clients) client.socket.destroy();
  });

  test(':: takes IPv4 peers too, and none with ipv6Only', async () => {
    await using both = await BoundUdp.open({ host: '::' });
    await using client = await UdpClient.open(both.port);
    await client.send('over IPv4');
    const udpPeer = await both.udpPeer();
    expect(udpPeer.socket.peer.host).toBe('::ffff:127.0.0.1');
    await udpPeer.send('back');
    expect(String(await client.datagram())).toBe('back');

    const bind = { ipv6Only: true, reuseAddress: false, reusePort: false };
    await using only = await BoundUdp.open({ host: '::', bind });
    await using refused = await UdpClient.open(only.port);
    await refused.send('over IPv4');
    expect((await refused.limit('refused')).text).toContain('ECONNREFUSED');
  });

  test('a UDP peer that is closed is forgotten, and the next datagram makes a new one', async () => {
    await using bound = await BoundUdp.open();
    await using client = await UdpClient.open(bound.port);
    await client.send('first');
    const udpPeer = await bound.udpPeer(0);
    await udpPeer.datagram();
    udpPeer.socket.close();
    udpPeer.socket.close();
    await udpPeer.whenClosed();
    expect(await udpPeer.send('late')).toBe(false);
    await client.send('second');
    const next = await bound.udpPeer(1);
    expect(String(await next.datagram())).toBe('second');
    expect(udpPeer.order).toEqual(['data', 'closed']);
  });

  test('a UDP peer can be made to a peer that was not heard of, and its answers come on that UDP peer', async () => {
    await using peer = await startPeer('udp_echo.py', '4');
    const port = Number(await peer.line());
    await using bound = await BoundUdp.open({ host: '::' });
    const udpPeer = bound.to({ host: '127.0.0.1', port, family: 4 });
    expect(await udpPeer.send('first word')).toBe(true);
    expect(String(await udpPeer.datagram())).toBe('first word');
    expect(bound.udpPeers).toEqual([]);
  });

  test('a UDP peer to an address of the other family reports that when it sends', async () => {
    await using bound = await BoundUdp.open();
    const udpPeer = bound.to({ host: '::1', port: 9, family: 6 });
    expect(await udpPeer.send('x')).toBe(false);
    expect((await udpPeer.limit('send')).text).toMatch(
      /^a datagram of 1 B was not sent to \[::1\]:9: the socket is bound/,
    );
  });

  test('stopping it waits for what was handed over', async () => {
    const bound = await BoundUdp.open();
    await using client = await UdpClient.open(bound.port);
    await client.send('hello');
    const udpPeer = await bound.udpPeer();
    const sending = udpPeer.send('goodbye');
    await bound.listening.stop();
    expect(await sending).toBe(true);
    expect(String(await client.datagram())).toBe('goodbye');
  });

  test('stopping it closes its UDP peers, each once', async () => {
    const bound = await BoundUdp.open();
    await using client = await UdpClient.open(bound.port);
    await client.send('hello');
    const udpPeer = await bound.udpPeer();
    const made = bound.to({ host: '127.0.0.1', port: 9, family: 4 });
    await Promise.all([bound.listening.stop(), bound.listening.stop()]);
    await Promise.all([udpPeer.whenClosed(), made.whenClosed()]);
    udpPeer.socket.destroy();
    expect(await made.send('x')).toBe(false);
    const late = bound.to({ host: '127.0.0.1', port: 9, family: 4 });
    await late.whenClosed();
    expect([udpPeer.order, made.order, late.order]).toEqual([['data', 'closed'], ['closed'], ['closed']]);
  });
});

describe('a client', () => {
  test.each([true, false])('to a free port (connected: %s) lives on after a refusal', async (connected) => {
    const gone = await BoundUdp.open();
    const { port } = gone;
    await gone.listening.stop();
    await using client = await UdpClient.open(port, {}, { connected });
    for (let index = 0; index < 4; index += 1) expect(await client.send('anybody?')).toBe(true);
    if (connected) {
      expect((await client.limit('refused')).text).toBe(
        `nothing listens at 127.0.0.1:${port}: the system reported ECONNREFUSED for an earlier datagram`,
      );
    }
    await using back = await BoundUdp.open({ port });
    expect(await client.send('now')).toBe(true);
    const udpPeer = await back.udpPeer();
    expect(String(await udpPeer.datagram())).toBe('now');
    await udpPeer.send('yes');
    expect(String(await client.datagram())).toBe('yes');
    expect(client.failures).toEqual([]);
  });

  test('that is not connected receives from other peers, each as a separate UDP peer', async () => {
    await using bound = await BoundUdp.open();
    await using client = await UdpClient.open(bound.port, { localHost: '127.0.0.1' }, { connected: false });
    await client.send('hello');
    await (await bound.udpPeer()).send('answer');
    expect(String(await client.datagram())).toBe('answer');
    await using stranger = await UdpClient.open(client.socket.local.port);
    await stranger.send('me too');
    const other = await client.other();
    expect(String(await other.datagram())).toBe('me too');
    await other.send('welcome');
    expect(String(await stranger.datagram())).toBe('welcome');
    client.socket.close();
    await Promise.all([client.whenClosed(), other.whenClosed()]);
  });

  test('that is connected does not hear other peers', async () => {
    await using bound = await BoundUdp.open();
    await using client = await UdpClient.open(bound.port);
    await using stranger = await UdpClient.open(client.socket.local.port);
    await stranger.send('me too');
    await stranger.limit('refused');
    await client.send('hello');
    await (await bound.udpPeer()).send('answer');
    expect(String(await client.datagram())).toBe('answer');
    expect(client.data).toHaveLength(1);
    expect(client.others).toEqual([]);
  });

  test('binds the local address and port that were asked', async () => {
    await using first = await UdpClient.open(9, { localHost: '127.0.0.2' });
    const { local } = first.socket;
    expect(local.host).toBe('127.0.0.2');
    expect(await connectUdp(9, { localHost: '127.0.0.2', localPort: local.port })).toMatchObject({
      call: 'bind',
      errno: 'EADDRINUSE',
    });
  });

  test.each([
    [{ localHost: 'localhost' }, 'bind', 'EADDRNOTAVAIL', 'localhost is a name'],
    [{ localHost: '::1' }, 'bind', 'EINVAL', 'the local address ::1 is IPv6, the peer 127.0.0.1 is IPv4'],
    [{ host: '127.255.255.255' }, 'connect', 'EACCES', 'turn on broadcast'],
  ] as const)('with %o fails in %s with %s', async (config, call, errno, text) => {
    const failure = (await connectUdp(9, config)) as CallFailure;
    expect(failure).toMatchObject({ call, errno });
    expect(failure.text).toContain(text);
  });

  test('is not opened where that was given up', async () => {
    const cancelled = { call: 'connect', errno: 'ECANCELED' };
    const abort = new AbortController();
    const opening = connectUdp(9, {}, {}, () => {}, abort.signal);
    abort.abort();
    expect(await opening).toEqual(cancelled);
    expect(await connectUdp(9, {}, {}, () => {}, AbortSignal.abort())).toEqual(cancelled);
  });

  test('sends all that was handed over before it closes', async () => {
    await using bound = await BoundUdp.open();
    const client = await UdpClient.open(bound.port);
    const taken = Promise.all(Array.from({ length: 50 }, (_, index) => client.send(`number ${index}`)));
    client.socket.close();
    expect(await taken).toEqual(Array.from({ length: 50 }, () => true));
    await client.whenClosed();
    const udpPeer = await bound.udpPeer();
    await udpPeer.datagram(49);
    expect(udpPeer.data.map(String)).toEqual(Array.from({ length: 50 }, (_, index) => `number ${index}`));
    expect(client.order).toEqual(['closed']);
  });

  test.each([
    [true, 'the kernel had taken it', true],
    [false, 'it was not handed over yet', false],
  ] as const)('that is destroyed (connected: %s) settles what was in flight: %s', async (connected, _why, taken) => {
    await using bound = await BoundUdp.open();
    const client = await UdpClient.open(bound.port, {}, { connected });
    const sending = client.send('perhaps');
    client.socket.destroy();
    client.socket.reset();
    client.socket.close();
    expect(await sending).toBe(taken);
    await client.whenClosed();
    expect(await client.send('never')).toBe(false);
    expect(client.order).toEqual(['closed']);
  });

  test('that is destroyed before its owner listens still reports that it is closed', async () => {
    const opened = await connectUdp(9);
    if (!('attach' in opened)) throw new Error(opened.errno);
    const client = new Recorded(opened, false);
    opened.destroy();
    client.attach();
    await client.whenClosed();
    expect(client.order).toEqual(['closed']);
  });

  test('keeps datagrams that arrive before its owner listens, in order', async () => {
    await using bound = await BoundUdp.open();
    const opened = await connectUdp(bound.port);
    if (!('attach' in opened)) throw new Error(opened.errno);
    const client = new Recorded(opened, false);
    await client.send('hello');
    const udpPeer = await bound.udpPeer();
    for (let index = 0; index < 20; index += 1) await udpPeer.send(String(index));
    // The UDP peer's own answer comes after them.
    await using probe = await UdpClient.open(bound.port);
    await probe.send('probe');
    await (await bound.udpPeer(1)).datagram();
    client.attach();
    await client.datagram(19);
    expect(client.data.map(String)).toEqual(Array.from({ length: 20 }, (_, index) => String(index)));
    opened.destroy();
  });
});

test.runIf(linux)('no descriptor is left of a thousand sockets', async () => {
  await using bound = await BoundUdp.open();
  const before = readdirSync('/proc/self/fd').length;
  for (let round = 0; round < 100; round += 1) {
    const clients = await Promise.all(Array.from({ length: 10 }, () => UdpClient.open(bound.port)));
    await Promise.all(clients.map((client) => client.send('x')));
    for (const client of clients) client.socket.close();
    await Promise.all(clients.map((client) => client.whenClosed()));
  }
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before + 2);
});

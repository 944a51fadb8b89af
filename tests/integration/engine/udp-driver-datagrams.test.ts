import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { byteCount } from '#shared/bytes/units.ts';
import { Peer, startPeer } from '#support/peer.ts';
import { BoundUdp, UdpClient } from '#support/udp.ts';

describe('real peers', () => {
  test.each([
    ['4', '127.0.0.1', true],
    ['4', '127.0.0.1', false],
    ['6', '::1', true],
    ['6', '::1', false],
  ] as const)(
    'a python3 server on IPv%s (%s, connected: %s) answers each datagram',
    async (family, host, connected) => {
      await using peer = await startPeer('udp_echo.py', family);
      const port = Number(await peer.line());
      await using client = await UdpClient.open(port, { host }, { connected });
      const sent = ['one', 'zwei', '', 'trois'];
      for (const text of sent) expect(await client.send(text)).toBe(true);
      await client.datagram(3);
      expect(client.data.map(String)).toEqual(sent);
      expect(client.socket.peer).toEqual({ host, port, family: Number(family) });
      expect(client.limits).toEqual([]);
    },
  );

  test.each([
    ['socat', (port: number) => ['-T5', '-', `UDP4:127.0.0.1:${port}`]],
    ['ncat', (port: number) => ['-u', '127.0.0.1', String(port)]],
  ] as const)('%s is a udpPeer, and gets its answer', async (command, args) => {
    await using bound = await BoundUdp.open();
    await using peer = new Peer(command, args(bound.port));
    peer.write('ping\n');
    const udpPeer = await bound.udpPeer();
    expect(String(await udpPeer.datagram())).toBe('ping\n');
    expect(await udpPeer.send('pong\n')).toBe(true);
    expect(await peer.line()).toBe('pong');
    expect(udpPeer.socket.peer).toMatchObject({ host: '127.0.0.1', family: 4 });
  });

  test('200 peers are 200 UDP peers, and each gets its own answers', async () => {
    await using bound = await BoundUdp.open();
    await using peers = await startPeer('udp_many.py', String(bound.port), '200');
    for (let index = 0; index < 200; index += 1) {
      const udpPeer = await bound.udpPeer(index);
      await udpPeer.send(`hello ${await udpPeer.datagram()}`);
    }
    expect(await peers.rest()).toEqual(Array.from({ length: 200 }, (_, index) => `hello peer ${index}`));
    expect(new Set(bound.udpPeers.map(({ socket }) => socket.peer.port)).size).toBe(200);
  });

  // Only root may open the raw socket that sends from port 0.
  test.runIf(process.getuid?.() === 0)('a datagram from port 0 is heard, and its answer is refused', async () => {
    await using bound = await BoundUdp.open();
    await using peer = await startPeer('udp_port_zero.py', String(bound.port));
    expect(await peer.line()).toBe('sent');
    const udpPeer = await bound.udpPeer();
    expect(String(await udpPeer.datagram())).toBe('from port 0');
    expect(await udpPeer.send('answer')).toBe(false);
    expect((await udpPeer.limit('send')).text).toBe(
      'a datagram of 6 B was not sent to 127.0.0.1:0: its source port is 0, which cannot receive answers (RFC 768)',
    );
  });
});

describe('datagrams', () => {
  test.each([
    ['127.0.0.1', 65_507],
    ['::1', 65_527],
  ] as const)('to %s carry at most %i bytes', async (host, most) => {
    await using bound = await BoundUdp.open({ host }, { receiveBuffer: 200_000 });
    await using client = await UdpClient.open(bound.port, { host }, { sendBuffer: 200_000 });
    const longest = randomBytes(most);
    expect(await client.send(longest)).toBe(true);
    const udpPeer = await bound.udpPeer();
    expect((await udpPeer.datagram()).equals(longest)).toBe(true);
    expect(await client.send(randomBytes(most + 1))).toBe(false);
    const at = host === '::1' ? '[::1]' : host;
    expect((await client.limit('datagram')).text).toBe(
      `a datagram of ${byteCount(most + 1)} was not sent to ${at}:${bound.port}: send(): EMSGSIZE (message too long); a datagram has a maximum of ${byteCount(most)}`,
    );
    expect(await client.send('')).toBe(true);
    expect(await udpPeer.datagram(1)).toHaveLength(0);
  });

  test.runIf(process.platform === 'linux')('arrive with the TTL that was set', async () => {
    await using peer = await startPeer('udp_ttl.py');
    const port = Number(await peer.line());
    await using bound = await BoundUdp.open({}, { ttl: 9 });
    await bound.to({ host: '127.0.0.1', port, family: 4 }).send('x');
    expect(await peer.line()).toBe('9');
    await using client = await UdpClient.open(port, {}, { ttl: 200 });
    await client.send('x');
    expect(await peer.line()).toBe('200');
  });

  test('to a broadcast address need the option', async () => {
    await using bound = await BoundUdp.open({ host: '0.0.0.0' });
    const host = '127.255.255.255';
    await using without = await UdpClient.open(bound.port, { host }, { connected: false });
    expect(await without.send('to all')).toBe(false);
    expect((await without.limit('broadcast')).text).toContain('send(): EACCES (permission denied); if it is');
    await using client = await UdpClient.open(bound.port, { host }, { connected: false, broadcast: true });
    expect(await client.send('to all')).toBe(true);
    const udpPeer = await bound.udpPeer();
    expect(String(await udpPeer.datagram())).toBe('to all');
    await udpPeer.send('from one');
    // The answer comes from a different address.
    const other = await client.other();
    expect(String(await other.datagram())).toBe('from one');
  });

  test('that cannot be routed are reported, and the socket stays open', async () => {
    await using bound = await BoundUdp.open();
    const udpPeer = bound.to({ host: '192.0.2.222', port: 9, family: 4 });
    expect(await udpPeer.send('x')).toBe(false);
    expect(await udpPeer.send('yy')).toBe(false);
    udpPeer.socket.close();
    await udpPeer.whenClosed();
    expect(udpPeer.limits.map(({ limit }) => limit)).toEqual(['send', 'send']);
    expect(udpPeer.order.at(-1)).toBe('closed');
    await using client = await UdpClient.open(bound.port);
    await client.send('still there');
    expect(String(await (await bound.udpPeer()).datagram())).toBe('still there');
  });
});

import os from 'node:os';
import { describe, expect, test } from 'vitest';
import type { UdpOptions } from '#shared/endpoint/endpoint-config.ts';
import { BoundUdp, bindFailure, connectUdp, UdpClient } from '#support/udp.ts';

/** An interface that takes IPv6 multicast: Linux gives its loopback none. Nothing leaves the machine: the TTL is 0. */
const outer = Object.entries(os.networkInterfaces()).flatMap(([name, addresses = []]) =>
  addresses.some((one) => one.family === 'IPv6' && one.scopeid !== 0) ? [{ name, addresses }] : [],
)[0];
const loopback = Object.entries(os.networkInterfaces()).find(([, addresses = []]) =>
  addresses.some((one) => one.internal),
)?.[0];

/** What is sent to a group stays on this machine. */
const here: Partial<UdpOptions> = { connected: false, multicastTtl: 0 };

describe('IPv4 multicast', () => {
  test.each(['127.0.0.1', loopback ?? 'lo', `::%${loopback ?? 'lo'}`])('reaches a group joined on %s', async (via) => {
    const group = '239.77.1.2';
    await using bound = await BoundUdp.open({ host: '0.0.0.0' }, { group, multicastInterface: via });
    expect(bound.listening.event).toMatchObject({ kind: 'bound', joined: `${group} on ${via}` });
    await using client = await UdpClient.open(bound.port, { host: group }, { ...here, multicastInterface: via });
    expect(await client.send('to the group')).toBe(true);
    const udpPeer = await bound.udpPeer();
    expect(String(await udpPeer.datagram())).toBe('to the group');
    await udpPeer.send('to you');
    expect(String(await (await client.other()).datagram())).toBe('to you');
  });

  test('is heard by a client that joins', async () => {
    const group = '239.77.1.3';
    const on = { ...here, multicastInterface: '127.0.0.1' };
    await using member = await UdpClient.open(9, { host: '127.0.0.1' }, { ...on, group });
    await using client = await UdpClient.open(member.socket.local.port, { host: group }, on);
    await client.send('to the group');
    expect(String(await (await member.other()).datagram())).toBe('to the group');
  });

  test('of a source-specific group is heard of that source alone', async () => {
    const group = '232.77.1.4';
    const multicastInterface = '127.0.0.1';
    const source = '127.0.0.2';
    await using bound = await BoundUdp.open({ host: '0.0.0.0' }, { group, source, multicastInterface });
    expect(bound.listening.event).toMatchObject({ joined: `${group} from ${source} on ${multicastInterface}` });
    const at = { ...here, multicastInterface };
    await using other = await UdpClient.open(bound.port, { host: group, localHost: '127.0.0.3' }, at);
    await using wanted = await UdpClient.open(bound.port, { host: group, localHost: source }, at);
    await other.send('not wanted');
    await wanted.send('wanted');
    expect(String(await (await bound.udpPeer()).datagram())).toBe('wanted');
    expect(bound.udpPeers).toHaveLength(1);
  });

  // The loopback interface itself brings back what is sent on it, so this takes another one.
  test.runIf(outer)('does not come back to this machine without loopback', async () => {
    const group = '239.77.1.5';
    const multicastInterface = outer?.name ?? '';
    await using bound = await BoundUdp.open({ host: '0.0.0.0' }, { group, multicastInterface });
    const at = { ...here, multicastInterface };
    await using silent = await UdpClient.open(bound.port, { host: group }, { ...at, multicastLoopback: false });
    await using client = await UdpClient.open(bound.port, { host: group }, at);
    expect(await silent.send('not looped')).toBe(true);
    await client.send('looped');
    expect(String(await (await bound.udpPeer()).datagram())).toBe('looped');
    expect(bound.udpPeers).toHaveLength(1);
  });
});

describe.runIf(outer)('IPv6 multicast', () => {
  const name = outer?.name ?? '';
  test.each([
    ['ff01::7701', name],
    ['ff02::7702', `::%${name}`],
    ['ff02::7703', outer?.addresses.find((one) => one.family === 'IPv6')?.address ?? ''],
    ['ff02::7704', outer?.addresses.find((one) => one.family === 'IPv4')?.address ?? name],
  ])('reaches the group %s joined on %s', async (group, via) => {
    await using bound = await BoundUdp.open({ host: '::' }, { group, multicastInterface: via });
    expect(bound.listening.event).toMatchObject({ joined: `${group} on ${via}` });
    await using client = await UdpClient.open(bound.port, { host: group }, { ...here, multicastInterface: via });
    expect(await client.send('to the group')).toBe(true);
    const udpPeer = await bound.udpPeer();
    expect(String(await udpPeer.datagram())).toBe('to the group');
    await udpPeer.send('to you');
    expect(String(await (await client.other()).datagram())).toBe('to you');
  });

  test('takes the interface from the zone of the group', async () => {
    const group = `ff02::7705%${name}`;
    await using bound = await BoundUdp.open({ host: '::' }, { group });
    expect(bound.listening.event).toMatchObject({ joined: group });
    await using client = await UdpClient.open(bound.port, { host: group }, here);
    expect(await client.send('to the group')).toBe(true);
    expect(String(await (await bound.udpPeer()).datagram())).toBe('to the group');
  });

  test('of a source-specific group is heard of that source alone', async () => {
    const group = 'ff31::7706';
    // Every interface with IPv6 has a link-local address, and it may have others.
    const own = (outer?.addresses ?? [])
      .filter((one) => one.family === 'IPv6')
      .toSorted((a, b) => a.scopeid - b.scopeid);
    const source = own[0]?.address ?? '';
    await using bound = await BoundUdp.open({ host: '::' }, { group, source, multicastInterface: name });
    for (const { address, scopeid } of own.toReversed()) {
      const localHost = scopeid === 0 ? address : `${address}%${name}`;
      const config = { host: group, localHost };
      await using client = await UdpClient.open(bound.port, config, { ...here, multicastInterface: name });
      expect(await client.send(`from ${address}`)).toBe(true);
    }
    expect(String(await (await bound.udpPeer()).datagram())).toBe(`from ${source}`);
    expect(bound.udpPeers).toHaveLength(1);
  });

  test('a link-local peer is one UDP peer, with its zone', async () => {
    const own = outer?.addresses.find((one) => one.family === 'IPv6' && one.scopeid !== 0);
    if (own?.family !== 'IPv6') throw new Error('the interface has a link-local address');
    await using bound = await BoundUdp.open({ host: `${own.address}%${name}` });
    // By the number of the interface: the answer comes with its name.
    const host = `${own.address}%${own.scopeid}`;
    await using client = await UdpClient.open(bound.port, { host }, { connected: false });
    await client.send('hello');
    const udpPeer = await bound.udpPeer();
    expect(udpPeer.socket.peer.host).toBe(`${own.address}%${name}`);
    await udpPeer.send('answer');
    expect(String(await client.datagram())).toBe('answer');
    expect(client.others).toEqual([]);
  });
});

test.each([
  [{ group: '10.1.2.3' }, 'EINVAL', '10.1.2.3 is not a multicast address'],
  [{ group: 'everyone' }, 'EINVAL', 'everyone is not a multicast address'],
  [{ group: 'ff02::1' }, 'EINVAL', 'the group ff02::1 is IPv6, but the socket is bound to an IPv4 address'],
  [{ source: '127.0.0.1' }, 'EINVAL', 'the source 127.0.0.1 requires a multicast group'],
  [{ group: '232.1.2.3', source: '::1' }, 'EINVAL', 'the source ::1 is not an IPv4 address'],
  [{ group: '239.1.2.3', multicastInterface: 'nosuch0' }, 'ENODEV', 'there is no interface nosuch0; this machine has'],
  [{ multicastInterface: '192.0.2.222' }, 'EADDRNOTAVAIL', 'IP_MULTICAST_IF for the interface 192.0.2.222'],
  [{ ttl: 255, multicastTtl: 300 }, 'EINVAL', 'the system rejects IP_MULTICAST_TTL of 300'],
])('%o is refused as %s, for a server and for a client', async (udp, errno, text) => {
  const failure = await bindFailure({ host: '0.0.0.0' }, udp);
  expect(failure).toMatchObject({ call: 'bind', errno });
  expect(failure.text).toContain(text);
  expect(await connectUdp(9, {}, udp)).toEqual(failure);
});

import { describe, expect, it } from 'vitest';
import { formatAddress } from '#shared/socket/address.ts';
import { address, bytes, closed, exported, Script } from '#support/connections.ts';
import { SessionFolder } from '#support/session.ts';
import { complaints, followed, packets } from '#support/tshark.ts';

describe('transports other than TCP, as pcapng', () => {
  it('has datagrams of UDP, empty and largest ones too', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    const script = new Script(log);
    script.socket(1, { transport: 'udp', local: '127.0.0.1:50053', peer: '10.0.0.1:55353' });
    script.socket(2, { transport: 'udp', local: '[::1]:50053', peer: '[fe80::1%eth0]:55353' });
    for (const id of [1, 2]) {
      for (const length of [0, 1, 2, 1_400, 65_507]) script.send(id, 'in', bytes(length, id));
      script.send(id, 'out', bytes(3, 9));
    }
    const path = await exported(log, folder);
    expect(await complaints(path)).toEqual([]);
    const lengths = await packets(path, 'udp', 'udp.length', 'udp.srcport');
    expect(lengths.map(([length]) => Number(length) - 8)).toEqual([
      0, 1, 2, 1_400, 65_507, 3, 0, 1, 2, 1_400, 65_507, 3,
    ]);
    expect(lengths[5]).toEqual(['11', '50053']);
  });

  it('has the datagrams of each UDP peer of a bound socket between its own two addresses', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    const script = new Script(log);
    const families = [
      { id: 1, local: address('127.0.0.1', 5_000), peers: ['10.0.0.1', '10.0.0.2'] },
      { id: 10, local: address('::1', 5_000), peers: ['2001:db8::1', 'fe80::2'] },
    ];
    const expected: string[][] = [];
    for (const { id, local, peers } of families) {
      const text = formatAddress(local);
      script.socket(id, { role: 'listener', transport: 'udp', local: text });
      script.event(id, { kind: 'bound', local });
      for (const [at, host] of peers.entries()) {
        const peer = address(host, 6_000 + at);
        script.socket(id + 1 + at, { transport: 'udp', local: text, peer: formatAddress(peer) });
        script.event(id + 1 + at, { kind: 'peer-added', local, peer, listener: id });
      }
      for (const [turn, length] of [65_507, 0, 9].entries()) {
        for (const [at, host] of peers.entries()) {
          const way = (turn + at) % 2 === 0 ? 'in' : 'out';
          script.send(id + 1 + at, way, bytes(length, at));
          const [from, to] = way === 'in' ? [host, local.host] : [local.host, host];
          const ports = way === 'in' ? [6_000 + at, 5_000] : [5_000, 6_000 + at];
          expected.push([from, to, ...ports.map(String), String(length + 8)]);
        }
      }
      // A UDP peer ends, and its peer is heard of again.
      script.event(id + 1, closed('timeout'));
      script.socket(id + 5, { transport: 'udp', local: text, peer: formatAddress(address(peers[0] as string, 6_000)) });
      script.send(id + 5, 'in', bytes(3, 3));
      expected.push([peers[0] as string, local.host, '6000', '5000', '11']);
    }
    const path = await exported(log, folder);
    expect(await complaints(path)).toEqual([]);
    const ends = ['ip.src', 'ipv6.src', 'ip.dst', 'ipv6.dst', 'udp.srcport', 'udp.dstport', 'udp.length'];
    const found = (await packets(path, 'udp', ...ends)).map(([a, b, c, d, ...rest]) => [a || b, c || d, ...rest]);
    expect(found).toEqual(expected);
    expect(await packets(path, 'frame.comment', 'frame.comment')).toEqual([]);
  });

  it('has what TLS, WebSocket and local sockets carried as plain TCP, and says that the wire had something else', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    const script = new Script(log);
    const path = (host: string) => ({ host, port: 0, family: 'local' }) as const;
    const kinds = [
      [
        'tls',
        address('127.0.0.1', 12_345),
        address('127.0.0.1', 50_001),
        'inside TLS: these bytes were encrypted on the wire',
      ],
      ['ws', address('::1', 12_345), address('::1', 50_002), 'messages of a WebSocket, without the frames'],
      ['wss', address('127.0.0.1', 12_345), address('127.0.0.1', 50_003), 'a WebSocket inside TLS'],
      ['local', path('/tmp/a:80'), path(''), 'a local socket: its bytes were not sent over a network'],
    ] as const;
    for (const [index, [transport, local, peer]] of kinds.entries()) {
      const id = index + 1;
      script.socket(id, { transport, local: formatAddress(local), peer: formatAddress(peer) });
      script.event(id, { kind: 'accepted', local, peer, listener: 9 });
      if (transport === 'ws') script.event(id, { kind: 'upgraded', url: 'ws://x/', protocol: '', elapsedMs: 1 });
      script.send(id, 'in', bytes(70_000, id), 16);
      script.send(id, 'in', bytes(0, id), 16);
      script.send(id, 'out', bytes(30, id));
      script.event(id, { kind: 'ended' });
      script.event(id, closed('peer'));
    }
    const out = await exported(log, folder);
    expect(await complaints(out)).toEqual([]);
    const about = await packets(
      out,
      'tcp.flags == 0x002',
      'frame.interface_description',
      'frame.comment',
      'ip.src',
      'ip.dst',
    );
    for (const [index, [transport, , , words]] of kinds.entries()) {
      const [first, second] = await followed(out, index);
      expect([first.equals(bytes(70_000, index + 1)), second.equals(bytes(30, index + 1))]).toEqual([true, true]);
      expect(about[index]?.[0]).toContain(`${transport}, framing line; `);
      expect(about[index]?.[0]).toContain(words);
      expect(about[index]?.[1]).toContain(words);
    }
    expect(about[3]?.slice(2)).toEqual(['192.0.2.2', '192.0.2.1']);
    expect(about[3]?.[1]).toContain('the local address is “/tmp/a:80” and is written as 192.0.2.1:49156');
    const comments = await packets(out, 'frame.comment contains "handshake done"', 'frame.comment');
    expect(comments[0]?.[0]).toContain('record 7, socket 2, upgraded: WebSocket handshake done for ws://x/');
  });
});

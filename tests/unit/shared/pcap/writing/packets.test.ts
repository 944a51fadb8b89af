import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Endpoints } from '#shared/pcap/writing/endpoints.ts';
import { formatIp, parseIp } from '#shared/pcap/writing/ip-address.ts';
import { flowOf, type Packet, PacketWriter } from '#shared/pcap/writing/packet-writer.ts';

/** The checksum as RFC 1071 describes it, word by word. */
function plainSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0);
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  return sum;
}

/** The packets in enhanced packet blocks. */
function packetsIn(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const found: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += view.getUint32(at + 4, true)) {
    expect(view.getUint32(at + view.getUint32(at + 4, true) - 4, true)).toBe(view.getUint32(at + 4, true));
    found.push(file.subarray(at + 28, at + 28 + view.getUint32(at + 20, true)));
  }
  return found;
}

const ip4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
const ip6 = fc.uint8Array({ minLength: 16, maxLength: 16 });
const port = fc.integer({ min: 0, max: 65_535 });

describe('PacketWriter', () => {
  it('gives every packet checksums that add up', () => {
    const ends = fc.oneof(fc.tuple(ip4, ip4), fc.tuple(ip6, ip6));
    const payload = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(
        ends,
        port,
        port,
        fc.constantFrom('tcp', 'udp'),
        payload,
        fc.string(),
        (ips, from, to, transport, body, text) => {
          const flow = flowOf(transport, { ip: ips[0], port: from }, { ip: ips[1], port: to });
          const parts: Uint8Array[] = [];
          const writer = new PacketWriter((bytes) => parts.push(bytes.slice()));
          const comments = text === '' ? [] : [text];
          const numbers = { flags: 24, sequence: 0xffff_fff0, acknowledgement: 1, tcpOptions: new Uint8Array(0) };
          const packet: Packet = { interface: 0, at: 1.7e15, flow, ...numbers, payload: body, comments };
          writer.packet(packet);
          writer.packet({ ...packet, comments: [] });
          writer.finish(['last']);
          const file = Buffer.concat(parts);
          const found = packetsIn(file);
          expect(found).toHaveLength(2);
          for (const bytes of found) {
            const header = ips[0].length === 4 ? 20 : 40;
            const segment = bytes.subarray(header);
            if (header === 20) expect(plainSum(bytes.subarray(0, 20))).toBe(0xffff);
            const pseudo = [
              ...ips[0],
              ...ips[1],
              0,
              transport === 'tcp' ? 6 : 17,
              segment.length >>> 8,
              segment.length & 255,
            ];
            expect(plainSum(Uint8Array.from([...pseudo, ...segment]))).toBe(0xffff);
            expect(Buffer.compare(segment.subarray(transport === 'tcp' ? 20 : 8), body)).toBe(0);
          }
        },
      ),
    );
  });
});

describe('parseIp', () => {
  it('reads back what it formats, and knows the usual spellings', () => {
    fc.assert(
      fc.property(fc.oneof(ip4, ip6), (ip) => {
        expect(parseIp(formatIp(ip))).toEqual(ip);
      }),
    );
    expect(parseIp('::')).toEqual(new Uint8Array(16));
    expect(formatIp(parseIp('fe80::1%eth0') ?? new Uint8Array(4))).toBe('fe80:0:0:0:0:0:0:1');
    expect(formatIp(parseIp('::ffff:10.0.0.1') ?? new Uint8Array(4))).toBe('0:0:0:0:0:ffff:a00:1');
    expect(formatIp(parseIp('1:2::7:8') ?? new Uint8Array(4))).toBe('1:2:0:0:0:0:7:8');
  });

  it('takes nothing else, and never throws', () => {
    for (const text of [
      '',
      'example.com',
      '1.2.3',
      '1.2.3.256',
      '1::2::3',
      ':::',
      '1:2:3:4:5:6:7',
      '12345::',
      '/run/socket',
      '1.2.3.4:5',
    ]) {
      expect(parseIp(text), text).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(':', '.', '1', 'f', '%') }), (text) =>
        [undefined, 4, 16].includes(parseIp(text)?.length),
      ),
    );
  });
});

describe('Endpoints', () => {
  it('gives no two sockets the same conversation, whatever their addresses', () => {
    const host = fc.constantFrom('127.0.0.1:1', '127.0.0.1:2', '[::1]:1', 'name:1', '', '/a/socket', '10.0.0.1:99999');
    const socket = fc.record({
      role: fc.constantFrom('accepted' as const, 'outgoing' as const),
      local: host,
      peer: host,
    });
    fc.assert(
      fc.property(fc.array(socket, { maxLength: 30 }), (sockets) => {
        const endpoints = new Endpoints();
        const seen = new Set<string>();
        for (const [id, { role, local, peer }] of sockets.entries()) {
          const ends = endpoints.ends({ id, role, transport: 'tcp' }, local, peer);
          expect(ends.local.ip).toHaveLength(ends.peer.ip.length);
          const sides = [ends.local, ends.peer].map(({ ip, port: number }) => `${formatIp(ip)} ${number}`);
          expect(sides[0]).not.toBe(sides[1]);
          expect(seen).not.toContain(sides.sort().join());
          seen.add(sides.join());
        }
      }),
    );
  });
});

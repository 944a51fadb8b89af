import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fragments } from '#shared/capture/fragments.ts';
import { addressText, readIp } from '#shared/capture/ip.ts';
import { networkOf } from '#shared/capture/link-layer.ts';
import { readTcp, readUdp } from '#shared/capture/transport.ts';
import { ethernet, fragmentsOf, ip, tcp, udp, uint16s, uint32s } from '#support/captures.ts';
import { cases, Reached } from '#support/cases.ts';

const ipv4 = udp({ data: 'x' });
const ipv6 = udp({ from: '[fe80::1]:5353', to: '[::1]:53', data: 'x' });

function parsed(packet: Buffer) {
  const read = readIp(packet, 0, (packet[0] as number) >> 4 === 4 ? 4 : 6, packet.length);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

describe('networkOf', () => {
  const sll = (type: number) => Buffer.concat([Buffer.alloc(14), uint16s([type], false), ipv4]);
  const sll2 = (type: number) => Buffer.concat([uint16s([type], false), Buffer.alloc(18), ipv6]);
  const frame = (packet: Buffer, ...tags: number[]) => ethernet([packet], tags)[0]?.bytes as Buffer;

  it.each<[string, number, Buffer, object]>([
    ['Ethernet', 1, frame(ipv4), { at: 14, version: 4 }],
    ['Ethernet with IPv6', 1, frame(ipv6), { at: 14, version: 6 }],
    ['a VLAN tag', 1, frame(ipv4, 0x8100), { at: 18, version: 4 }],
    ['two VLAN tags (QinQ)', 1, frame(ipv6, 0x88a8, 0x8100), { at: 22, version: 6 }],
    ['raw IP', 101, ipv6, { at: 0, version: 6 }],
    ['IPv4', 228, ipv4, { at: 0, version: 4 }],
    ['IPv6', 229, ipv6, { at: 0, version: 6 }],
    ['BSD loopback, little endian', 0, Buffer.concat([uint32s([2]), ipv4]), { at: 4, version: 4 }],
    ['BSD loopback, big endian', 0, Buffer.concat([uint32s([30], false), ipv6]), { at: 4, version: 6 }],
    ['OpenBSD loopback', 108, Buffer.concat([uint32s([24], false), ipv6]), { at: 4, version: 6 }],
    ['Linux cooked', 113, sll(0x0800), { at: 16, version: 4 }],
    ['Linux cooked 2', 276, sll2(0x86dd), { at: 20, version: 6 }],
    ['ARP', 113, sll(0x0806), { other: 'ARP packets' }],
    ['an unknown EtherType', 113, sll(0x9999), { other: 'EtherType 0x9999 packets' }],
    ['IEEE 802.3', 113, sll(0x0026), { other: 'IEEE 802.3 frames' }],
    ['an unknown link', 147, ipv4, { other: 'frames of link type 147' }],
    ['a short frame', 1, Buffer.alloc(9), { other: 'frames too short for their header' }],
  ])('finds the packet behind %s', (_, linkType, data, expected) => {
    expect(networkOf(linkType, data)).toEqual(expected);
  });
});

describe('readIp', () => {
  it('passes over the options of IPv4', () => {
    const packet = Buffer.concat([ipv4.subarray(0, 20), Buffer.alloc(8), ipv4.subarray(20)]);
    packet[0] = 0x47;
    packet.writeUInt16BE(packet.length, 2);
    expect(readUdp(parsed(packet))).toMatchObject({ sourcePort: 50_000, length: 1 });
  });

  it('passes over the extension headers of IPv6', () => {
    const hopByHop = Buffer.from([60, 0, 1, 4, 0, 0, 0, 0]);
    const destination = Buffer.from([17, 1, ...new Array(14).fill(0)]);
    const packet = Buffer.concat([ipv6.subarray(0, 40), hopByHop, destination, ipv6.subarray(40)]);
    packet[6] = 0;
    packet.writeUInt16BE(packet.length - 40, 4);
    expect(readUdp(parsed(packet))).toMatchObject({ sourcePort: 5_353, destinationPort: 53 });
  });

  it('takes no padding of the frame for data', () => {
    const padded = Buffer.concat([ipv4, Buffer.alloc(17)]);
    expect(Buffer.from(readUdp(parsed(padded))?.payload ?? []).toString()).toBe('x');
  });

  it('takes a packet without a length, as network cards that cut large ones hand over, to the end of the frame', () => {
    const packet = tcp({ seq: 1, data: 'all of it' });
    packet.writeUInt16BE(0, 2);
    expect(readTcp(parsed(packet))).toMatchObject({ length: 9 });
  });

  it.each([
    ['10.1.2.255', '10.1.2.255:1'],
    ['::1', '[::1]:1'],
    ['fe80::1:0:0:a', '[fe80::1:0:0:a]:1'],
    ['2001:db8:0:1:1:1:1:1', '[2001:db8:0:1:1:1:1:1]:1'],
    ['::', '[::]:1'],
    ['1::', '[1::]:1'],
  ])('writes the address %s', (text, end) => {
    expect(addressText(parsed(ip(17, end, end, Buffer.alloc(8))).source)).toBe(text);
  });

  it('writes an IPv4 address within IPv6 as one', () => {
    expect(addressText(Uint8Array.from([...new Array(10).fill(0), 255, 255, 127, 0, 0, 1]))).toBe('::ffff:127.0.0.1');
  });
});

describe('fragments', () => {
  it('make the packet again, in any order and with repetitions', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 4_000 }),
        fc.constantFrom(8, 24, 512),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (data, size, isIpv6, random) => {
          const ends = isIpv6 ? { from: '[::1]:7', to: '[::2]:9' } : {};
          const packet = udp({ ...ends, data });
          const parts = fragmentsOf(packet, size).map((part) => ({ part, order: random.next().value ?? 0 }));
          parts.sort((one, other) => one.order - other.order);
          const fragments = new Fragments();
          const repeated = parts[0] && parts.length > 1 ? [parts[0], ...parts] : parts;
          const wholes = repeated.flatMap(({ part }) => fragments.take(parsed(part)) ?? []);
          // The first one again begins a packet that stays incomplete only where it came behind the last one.
          expect(wholes).toHaveLength(1);
          const [whole] = wholes;
          expect(whole && Buffer.compare(readUdp(whole)?.payload ?? Buffer.alloc(0), data)).toBe(0);
          expect(fragments.waiting).toBe(0);
        },
      ),
    );
  });

  it('of many packets that stay incomplete do not fill the memory', () => {
    const fragments = new Fragments();
    const packet = udp({ data: Buffer.alloc(3_000) });
    for (let id = 0; id < 3_000; id += 1) fragments.take(parsed(fragmentsOf(packet, 1_024, id)[0] as Buffer));
    expect(fragments.waiting).toBe(1_024);
    expect(fragments.givenUp).toBe(3_000 - 1_024);
  });
});

describe('any bytes', () => {
  it('are read or refused, and never thrown at', () => {
    const start = fc.constantFrom(
      Buffer.alloc(0),
      ipv4,
      ipv6,
      fragmentsOf(udp({ data: 'fragment of it' }), 8)[0] as Buffer,
    );
    const changes = fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 12 });
    const fragments = new Fragments();
    const reached = new Reached<'refused' | 'a packet' | 'a fragment' | 'a segment' | 'no segment'>();
    fc.assert(
      fc.property(start, changes, fc.uint8Array({ maxLength: 80 }), fc.nat(300), (packet, places, rest, linkType) => {
        const bytes = Buffer.concat([packet, rest]);
        for (const [at, value] of places) if (at < bytes.length) bytes[at] = value;
        networkOf(linkType, bytes);
        for (const version of [4, 6] as const) {
          const read = readIp(bytes, 0, version, bytes.length);
          reached.note(typeof read === 'string' ? 'refused' : 'a packet');
          if (typeof read === 'string') continue;
          expect(read.payload.length).toBeLessThanOrEqual(read.length);
          const whole = fragments.take(read);
          if (whole === undefined) reached.note('a fragment');
          if (whole === undefined) continue;
          for (const segment of [readTcp(whole), readUdp(whole)]) {
            reached.note(segment ? 'a segment' : 'no segment');
            expect(segment?.payload.length ?? 0).toBeLessThanOrEqual(segment?.length ?? 0);
          }
        }
      }),
      cases(400),
    );
    reached.expectEach(['refused', 'a packet', 'a fragment', 'a segment', 'no segment'], 10);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fragments } from '#shared/pcap/reading/decapsulate.ts';
import { addressText, readIp, readTcp, readUdp } from '#shared/pcap/reading/ip.ts';
import { fragmentsOf, ip, tcp, udp } from '#support/captures.ts';
import { cases, Reached } from '#support/cases.ts';

const ipv4 = udp({ data: 'x' });
const ipv6 = udp({ from: '[fe80::1]:5353', to: '[::1]:53', data: 'x' });

function parsed(packet: Buffer) {
  const read = readIp(packet, 0, (packet[0] as number) >> 4 === 4 ? 4 : 6, packet.length);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

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
      fc.property(start, changes, fc.uint8Array({ maxLength: 80 }), (packet, places, rest) => {
        const bytes = Buffer.concat([packet, rest]);
        for (const [at, value] of places) if (at < bytes.length) bytes[at] = value;
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

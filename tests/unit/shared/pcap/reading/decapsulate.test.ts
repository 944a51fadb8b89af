import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decapsulate, Fragments } from '#shared/pcap/reading/decapsulate.ts';
import { readTcp, readUdp } from '#shared/pcap/reading/ip.ts';
import { fragmentsOf, ip, tcp, udp, uint16s, uint32s } from '#support/captures.ts';
import { cases, Reached } from '#support/cases.ts';

const ipv4 = tcp({ seq: 1, data: 'inside' });
const ipv6 = tcp({ from: '[fe80::1]:5353', to: '[::1]:53', seq: 1, data: 'inside' });

const join = (...parts: (Buffer | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const u16 = (...values: number[]) => uint16s(values, false);
const typed = (type: number, rest: Buffer) => join(Buffer.alloc(12, 2), u16(type), rest);
const overIp = (protocol: number, rest: Buffer) => ip(protocol, '192.0.2.1:0', '192.0.2.2:0', rest);
const overUdp = (port: number, rest: Buffer) => udp({ from: '192.0.2.1:9', to: `192.0.2.2:${port}`, data: rest });
const label = (number: number, isLast: boolean) => uint32s([(number << 12) | (isLast ? 0x100 : 0) | 64], false);
const pppoe = (protocol: number[], rest: Buffer) =>
  join([0x11, 0, 0, 7], u16(protocol.length + rest.length), protocol, rest);
const sll = (type: number, rest: Buffer) => join(Buffer.alloc(14), u16(type), rest);
const sll2 = (type: number, rest: Buffer) => join(u16(type), Buffer.alloc(18), rest);
const pktap = (linkType: number, rest: Buffer, little = true) =>
  join(uint32s([108, 1, linkType, 0], little), Buffer.alloc(92), rest);
const vxlan = (frame: Buffer) => join([8, 0, 0, 0, 0, 0, 9, 0], frame);
const geneve = (type: number, rest: Buffer) => join([1, 0], u16(type), [0, 0, 9, 0, 1, 2, 3, 4], rest);
const snap = (type: number, rest: Buffer) => join([0xaa, 0xaa, 3, 0, 0, 0], u16(type), rest);
const nflog = (family: number, rest: Buffer) =>
  join([family, 0, 0, 0], uint16s([6, 10]), [1, 2, 0, 0], uint16s([4 + rest.length, 9]), rest);

function found(linkType: number, data: Buffer) {
  const common = { at: 0, comments: [], writer: '', interfaceName: '' };
  return decapsulate({ ...common, linkType, data, originalLength: data.length }, new Fragments());
}

/** The text of the segment within. */
function textOf(linkType: number, data: Buffer): string | undefined {
  const packet = found(linkType, data);
  if (packet === undefined || 'what' in packet) return undefined;
  const segment = packet.protocol === 6 ? readTcp(packet) : readUdp(packet);
  return segment && Buffer.from(segment.payload).toString('latin1');
}

describe('the TCP segment is found', () => {
  it.each<[string, number, Buffer]>([
    ['Ethernet', 1, typed(0x0800, ipv4)],
    ['Ethernet with IPv6', 1, typed(0x86dd, ipv6)],
    ['padding at the end of the frame', 1, typed(0x0800, join(ipv4, Buffer.alloc(20)))],
    ['a VLAN tag', 1, typed(0x8100, join([0, 1], u16(0x0800), ipv4))],
    ['two VLAN tags (QinQ)', 1, typed(0x88a8, join([0, 1], u16(0x8100), [0, 2], u16(0x86dd), ipv6))],
    ['FabricPath', 1, typed(0x8903, join([0, 32], typed(0x0800, ipv4)))],
    ['IEEE 802.2 with SNAP', 1, typed(8 + ipv4.length, snap(0x0800, ipv4))],
    ['raw IP', 101, ipv6],
    ['IPv4', 228, ipv4],
    ['IPv6', 229, ipv6],
    ['BSD loopback, little endian', 0, join(uint32s([2]), ipv4)],
    ['BSD loopback, big endian', 0, join(uint32s([30], false), ipv6)],
    ['OpenBSD loopback', 108, join(uint32s([24], false), ipv6)],
    ['Linux cooked', 113, sll(0x0800, ipv4)],
    ['Linux cooked with a VLAN tag', 113, sll(0x8100, join([0, 1], u16(0x0800), ipv4))],
    ['Linux cooked 2', 276, sll2(0x86dd, ipv6)],
    ['PPPoE within Linux cooked 2', 276, sll2(0x8864, pppoe([0, 0x21], ipv4))],
    ['PPPoE', 1, typed(0x8864, pppoe([0, 0x21], ipv4))],
    ['PPPoE with a protocol of one byte', 1, typed(0x8864, pppoe([0x57], ipv6))],
    ['PPPoE in a padded frame', 1, typed(0x8864, join(pppoe([0, 0x21], ipv4), Buffer.alloc(9)))],
    ['PPP with its address', 9, join([0xff, 3, 0, 0x21], ipv4)],
    ['PPP without its address', 9, join([0x21], ipv4)],
    ['Cisco HDLC under the number of PPP', 9, join([0x0f, 0], u16(0x0800), ipv4)],
    ['IP over InfiniBand', 242, join(Buffer.alloc(40, 1), u16(0x86dd, 0), ipv6)],
    ['Cisco HDLC', 104, join([0x0f, 0], u16(0x0800), ipv4)],
    ['an MPLS label', 1, typed(0x8847, join(label(100, true), ipv4))],
    ['several MPLS labels', 1, typed(0x8847, join(label(100, false), label(2, true), ipv6))],
    ['an Ethernet pseudowire', 1, typed(0x8847, join(label(1, true), [0, 0, 0, 7], typed(0x0800, ipv4)))],
    ['an Ethernet pseudowire without control word', 1, typed(0x8847, join(label(1, true), typed(0x0800, ipv4)))],
    ['GRE', 101, overIp(47, join(u16(0, 0x0800), ipv4))],
    ['GRE with checksum, key and sequence', 101, overIp(47, join(u16(0xb000, 0x86dd), Buffer.alloc(12), ipv6))],
    ['Ethernet within GRE', 101, overIp(47, join(u16(0, 0x6558), typed(0x0800, ipv4)))],
    ['PPTP', 101, overIp(47, join(u16(0x3081, 0x880b), Buffer.alloc(12), [0xff, 3, 0, 0x21], ipv4))],
    ['ERSPAN', 101, overIp(47, join(u16(0x1000, 0x88be), Buffer.alloc(12), typed(0x0800, ipv4)))],
    ['ERSPAN of the third version', 101, overIp(47, join(u16(0x1000, 0x22eb), Buffer.alloc(16), typed(0x0800, ipv4)))],
    ['MPLS within GRE', 101, overIp(47, join(u16(0, 0x8847), label(7, true), ipv4))],
    ['IP within IP', 101, overIp(4, ipv4)],
    ['IPv6 within IP', 101, overIp(41, ipv6)],
    ['IP within IPv6', 101, ip(4, '[::1]:0', '[::2]:0', ipv4)],
    ['EtherIP', 101, overIp(97, join([0x30, 0], typed(0x0800, ipv4)))],
    ['an authentication header', 101, overIp(51, join([4, 4], Buffer.alloc(22), ipv4))],
    ['VXLAN', 101, overUdp(4789, vxlan(typed(0x0800, ipv4)))],
    ['VXLAN with a VLAN tag within', 101, overUdp(8472, vxlan(typed(0x8100, join([0, 1], u16(0x0800), ipv4))))],
    ['GENEVE with options', 101, overUdp(6081, geneve(0x6558, typed(0x0800, ipv4)))],
    ['GENEVE with IP', 101, overUdp(6081, geneve(0x86dd, ipv6))],
    [
      'GRE within VXLAN within MPLS',
      1,
      typed(0x8847, join(label(1, true), overUdp(4789, vxlan(typed(0x0800, overIp(47, join(u16(0, 0x0800), ipv4))))))),
    ],
    ['L2TP', 101, overUdp(1701, join(u16(2, 7, 9), [0xff, 3, 0, 0x21], ipv4))],
    [
      'L2TP with length, sequence and offset',
      101,
      overUdp(1701, join(u16(0x4a02, 0, 7, 9, 1, 1, 3), [0, 0, 0, 0x57], ipv6)),
    ],
    ['GTP-U', 101, overUdp(2152, join([0x30, 0xff], u16(ipv4.length, 0, 9), ipv4))],
    [
      'GTP-U with an extension',
      101,
      overUdp(2152, join([0x34, 0xff], u16(ipv6.length + 8, 0, 9), [0, 0, 0, 0x85, 1, 2, 3, 0], ipv6)),
    ],
    ['PKTAP', 258, pktap(101, ipv4)],
    ['PKTAP of a big-endian machine', 258, pktap(1, typed(0x86dd, ipv6), false)],
    ['Linux cooked 2 within PKTAP', 258, pktap(276, sll2(0x0800, ipv4))],
    ['NFLOG', 239, nflog(2, ipv4)],
  ])('behind %s', (_, linkType, data) => {
    expect(textOf(linkType, data)).toBe('inside');
  });

  it('in a tunnel whose packets are fragmented', () => {
    const fragments = new Fragments();
    const parts = fragmentsOf(overIp(47, join(u16(0, 0x0800), ipv4)), 24);
    const common = { at: 0, comments: [], writer: '', interfaceName: '', linkType: 101 };
    const wholes = parts.map((data) => decapsulate({ ...common, data, originalLength: data.length }, fragments));
    expect(wholes.slice(0, -1)).toEqual(parts.slice(1).map(() => undefined));
    expect(wholes.at(-1)).toMatchObject({ protocol: 6, length: 26 });
  });

  it.each<[string, Buffer, number]>([
    ['IPv4', ipv4, 2],
    ['IPv6', ipv6, 4],
  ])('in an %s packet that says it is longer than its frame, which ends it', (_, packet, at) => {
    const wrong = Buffer.from(packet);
    wrong.writeUInt16BE(4_096, at);
    expect(textOf(101, wrong)).toBe('inside');
    expect(found(101, wrong)).toMatchObject({ length: 26 });
  });

  it('in a frame that the capture has truncated, with its length on the wire', () => {
    const whole = typed(0x8847, join(label(1, true), ipv4));
    const data = whole.subarray(0, whole.length - 4);
    const common = { at: 0, comments: [], writer: '', interfaceName: '', linkType: 1 };
    expect(decapsulate({ ...common, data, originalLength: whole.length }, new Fragments())).toMatchObject({
      length: 26,
      payload: { length: 22 },
    });
  });
});

describe('a datagram to the port of a tunnel', () => {
  it.each<[string, number, Buffer]>([
    ['text', 4789, Buffer.from('a message of mine, which is long enough')],
    ['ARP within VXLAN', 4789, vxlan(typed(0x0806, Buffer.alloc(28)))],
    ['text to the port of GENEVE', 6081, Buffer.from('a message of mine')],
    ['control of L2TP', 1701, join(u16(0xc802, 12, 7, 9, 1, 1))],
    ['an echo of GTP-U', 2152, join([0x32, 1], u16(4, 0, 9), Buffer.alloc(4))],
    ['nothing', 4789, Buffer.alloc(0)],
  ])('stays a datagram where it holds %s', (_, port, data) => {
    expect(textOf(101, overUdp(port, data))).toBe(data.toString('latin1'));
  });
});

describe('a frame without TCP or UDP', () => {
  it.each<[string, number, Buffer, string, boolean]>([
    ['ARP', 113, sll(0x0806, ipv4), 'ARP packets', true],
    ['ICMP', 101, overIp(1, Buffer.alloc(8)), 'ICMP packets', true],
    ['a spanning tree', 1, typed(0x26, Buffer.from([0x42, 0x42, 3])), 'spanning tree frames', true],
    ['PPPoE discovery', 1, typed(0x8863, Buffer.alloc(20)), 'PPPoE discovery packets', true],
    ['LCP', 1, typed(0x8864, pppoe([0xc0, 0x21], Buffer.alloc(4))), 'LCP packets', true],
    ['SCTP in a tunnel', 101, overIp(4, overIp(132, Buffer.alloc(12))), 'SCTP packets', true],
    ['an unknown EtherType', 113, sll(0x9999, ipv4), 'packets of EtherType 0x9999', false],
    ['an unknown link', 147, ipv4, 'frames of link type 147', false],
    ['wireless frames', 105, ipv4, 'frames of link type 105 (IEEE 802.11)', false],
    ['encrypted packets', 101, overIp(50, Buffer.alloc(30)), 'packets of IP protocol 50 (ESP, encrypted)', false],
    ['unknown PPP', 9, Buffer.from([0xff, 3, 0, 0x35, 1]), 'PPP packets of protocol 0x0035', false],
    [
      'unknown MPLS',
      1,
      typed(0x8847, join(label(1, true), Buffer.alloc(30))),
      'MPLS packets without IP or Ethernet',
      false,
    ],
    ['unknown GRE', 101, overIp(47, join(u16(2, 0x0800), ipv4)), 'GRE packets of version 2', false],
    ['no IP', 101, Buffer.alloc(3), 'raw packets that are not IP', false],
    ['damaged IP', 228, Buffer.alloc(30), 'IP packets with a damaged header', false],
    ['a short frame', 1, Buffer.alloc(9), 'frames too short for their header', false],
  ])('says what it is: %s', (_, linkType, data, what, isUnderstood) => {
    expect(found(linkType, data)).toEqual({ kind: 'other', what, isUnderstood });
  });

  it('is not followed without end', () => {
    let packet = ipv4;
    for (let depth = 0; depth < 40; depth += 1) packet = overIp(4, packet);
    expect(found(101, packet)).toMatchObject({ what: 'packets with more than 32 nested headers', isUnderstood: false });
  });
});

describe('any frame', () => {
  it('is read or named, and never thrown at', () => {
    const links = [0, 1, 9, 51, 101, 104, 113, 149, 228, 239, 258, 276, 300];
    const starts: [number, Buffer][] = [
      [1, Buffer.alloc(0)],
      [1, typed(0x0806, Buffer.alloc(28))],
      [101, overIp(1, Buffer.alloc(8))],
      [1, typed(0x8864, pppoe([0, 0x21], ipv4))],
      [1, typed(0x8847, join(label(1, true), typed(0x0800, ipv4)))],
      [1, typed(0x0800, overIp(47, join(u16(0xb000, 0x0800), Buffer.alloc(12), ipv4)))],
      [1, typed(0x0800, overUdp(4789, vxlan(typed(0x0800, ipv4))))],
      [101, overUdp(2152, join([0x34, 0xff], u16(60, 0, 9), [0, 0, 0, 0x85, 1, 2, 3, 0], ipv6))],
      [101, overUdp(1701, join(u16(0x4a02, 0, 7, 9, 1, 1, 3), [0, 0, 0, 0x57], ipv6))],
      [258, pktap(1, typed(0x0800, ipv4))],
      [239, nflog(2, ipv4)],
    ];
    const reached = new Reached<'packet' | 'neither' | 'not understood'>();
    const changes = fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.constantFrom(...starts),
        fc.option(fc.constantFrom(...links), { freq: 2 }),
        changes,
        fc.nat(150),
        fc.uint8Array({ maxLength: 40 }),
        ([ownLink, start], otherLink, places, length, rest) => {
          const data = Buffer.concat([start.subarray(0, length), rest]);
          for (const [at, value] of places) if (at < data.length) data[at] = value;
          const result = found(otherLink ?? ownLink, data);
          if (result === undefined) return;
          if ('what' in result) reached.note(result.isUnderstood ? 'neither' : 'not understood');
          else {
            reached.note('packet');
            expect(result.payload.length).toBeLessThanOrEqual(result.length);
          }
        },
      ),
      cases(600),
    );
    reached.expectEach(['packet', 'neither', 'not understood'], 3);
  });
});

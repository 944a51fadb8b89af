import { type Encapsulation, hex16, holdsNeither, type NumberSpace, notUnderstood, type Other } from './layer.ts';
import {
  ciscoHdlc,
  etherIp,
  ethernet,
  fabricPath,
  ipOverInfiniBand,
  linuxCooked,
  linuxCooked2,
  ppp,
  pppoe,
  vlan,
} from './link-layers.ts';
import { authenticationHeader, bsdLoopback, nflog, pktap, rawIp, rawIpv4, rawIpv6 } from './system-headers.ts';
import { geneve, gre, gtp, l2tp, mpls, vxlan } from './tunnels.ts';

/** Every supported header, except IP itself. */
const encapsulations: readonly Encapsulation[] = [
  ...[ethernet, vlan, fabricPath, linuxCooked, linuxCooked2, ciscoHdlc, ipOverInfiniBand, etherIp],
  ...[rawIp, rawIpv4, rawIpv6, bsdLoopback],
  ...[ppp, pppoe, mpls, gre, vxlan, geneve, l2tp, gtp],
  ...[pktap, nflog, authenticationHeader],
];

const spaces: readonly NumberSpace[] = ['link', 'etherType', 'ppp', 'ipProtocol', 'udpPort'];
const byNumber: ReadonlyMap<NumberSpace, ReadonlyMap<number, Encapsulation>> = new Map(
  spaces.map((space) => [
    space,
    new Map(encapsulations.flatMap((kind) => (kind.numbers[space] ?? []).map((number) => [number, kind] as const))),
  ]),
);

/** Returns the kind of header with `number` in `space`. */
export function encapsulationOf(space: NumberSpace, number: number): Encapsulation | undefined {
  return byNumber.get(space)?.get(number);
}

/** Returns the version of IP with `number` in `space`; `undefined` for another protocol. */
export function ipVersionOf(space: NumberSpace, number: number): 4 | 6 | undefined {
  return ipNumbers[space]?.[number];
}

const ipNumbers: Partial<Readonly<Record<NumberSpace, Readonly<Record<number, 4 | 6>>>>> = {
  etherType: { 2048: 4, 34525: 6 },
  ppp: { 33: 4, 87: 6 },
  ipProtocol: { 4: 4, 41: 6 },
};

/** Protocols without TCP or UDP, by number. */
const holdingNeither: Partial<Readonly<Record<NumberSpace, Readonly<Record<number, string>>>>> = {
  etherType: {
    2054: 'ARP',
    8938: 'Wake-on-LAN',
    32821: 'RARP',
    33079: 'IPX',
    34915: 'PPPoE discovery',
    34958: 'EAPOL',
    35020: 'LLDP',
    35063: 'PTP',
    36864: 'loopback test',
  },
  ipProtocol: {
    1: 'ICMP',
    2: 'IGMP',
    58: 'ICMPv6',
    59: 'empty IPv6',
    89: 'OSPF',
    103: 'PIM',
    112: 'VRRP',
    132: 'SCTP',
  },
};

const unknownNames: Partial<Readonly<Record<NumberSpace, Readonly<Record<number, string>>>>> = {
  link: { 105: 'IEEE 802.11', 127: 'IEEE 802.11 with radiotap', 189: 'USB', 220: 'USB', 249: 'USB', 187: 'Bluetooth' },
  etherType: { 35045: 'MACsec' },
  ipProtocol: { 50: 'ESP, encrypted' },
};

/** Describes a packet whose header is not supported. */
export function otherOf(space: NumberSpace, number: number): Other {
  const known = holdingNeither[space]?.[number];
  if (known !== undefined) return holdsNeither(`${known} packets`);
  const name = unknownNames[space]?.[number];
  const words = name === undefined ? '' : ` (${name})`;
  switch (space) {
    case 'link':
      return notUnderstood(`frames of link type ${number}${words}`);
    case 'etherType':
      return notUnderstood(`packets of EtherType ${hex16(number)}${words}`);
    case 'ppp':
      return notUnderstood(`PPP packets of protocol ${hex16(number)}`);
    default:
      return notUnderstood(`packets of IP protocol ${number}${words}`);
  }
}

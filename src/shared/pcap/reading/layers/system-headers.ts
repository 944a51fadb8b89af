import {
  type Encapsulation,
  holdsNeither,
  type Inner,
  inner,
  notUnderstood,
  type Other,
  tooShort,
  uint16,
} from './layer.ts';

/** Raw IP of either version; some systems used 12 and 14 before it had a number. */
export const rawIp: Encapsulation = {
  name: 'raw IP',
  numbers: { link: [101, 12, 14] },
  open: (bytes, length) => byVersion(bytes, length) ?? notUnderstood('raw packets that are not IP'),
};

export const rawIpv4: Encapsulation = {
  name: 'raw IPv4',
  numbers: { link: [228] },
  open: (bytes, length) => inner('etherType', 0x0800, bytes, length, 0),
};

export const rawIpv6: Encapsulation = {
  name: 'raw IPv6',
  numbers: { link: [229] },
  open: (bytes, length) => inner('etherType', 0x86dd, bytes, length, 0),
};

/** Families in the header of BSD loopback captures; IPv6 has another number on each system. */
const bsdInet = 2;
const bsdInet6: ReadonlySet<number> = new Set([10, 24, 28, 30]);

/** BSD loopback: a family in the byte order of the capturing machine, which is not known. */
export const bsdLoopback: Encapsulation = {
  name: 'BSD loopback',
  numbers: { link: [0, 108] },
  open(bytes, length) {
    const high = uint16(bytes, 0);
    const low = uint16(bytes, 2);
    if (high === undefined || low === undefined) return tooShort;
    const big = high * 65_536 + low;
    const family = big <= 0xffff ? big : (bytes[0] as number) + (bytes[1] as number) * 256;
    if (family === bsdInet) return inner('etherType', 0x0800, bytes, length, 4);
    if (bsdInet6.has(family)) return inner('etherType', 0x86dd, bytes, length, 4);
    return notUnderstood(`packets of address family ${family}`);
  },
};

/** Returns the IP packet at the start of `bytes`, by its version; `undefined` if that is neither 4 nor 6. */
export function byVersion(bytes: Uint8Array, length: number): Inner | Other | undefined {
  const [first] = bytes;
  if (first === undefined) return tooShort;
  if (first >> 4 === 4) return inner('etherType', 0x0800, bytes, length, 0);
  return first >> 4 === 6 ? inner('etherType', 0x86dd, bytes, length, 0) : undefined;
}

const pktapHeader = 108;
const maxPktapHeader = 4_096;

/** macOS PKTAP: a header with the process and the link type of the packet. It used 149 before it had a number. */
export const pktap: Encapsulation = {
  name: 'PKTAP',
  numbers: { link: [258, 149] },
  open(bytes, length) {
    if (bytes.length < pktapHeader) return tooShort;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    // Its numbers have the byte order of the capturing machine.
    const little = view.getUint32(0, true) <= maxPktapHeader;
    const header = view.getUint32(0, little);
    if (header < pktapHeader || header > maxPktapHeader) return notUnderstood('frames of link type 149 or 258');
    if (view.getUint32(4, little) !== 1) return holdsNeither('PKTAP records without a packet');
    return inner('link', view.getUint32(8, little), bytes, length, header);
  },
};

const nflogHeader = 4;
const nflogPayload = 9;
const inet = 2;
const inet6 = 10;

/** Linux netfilter logs: a header and attributes, one of which is the packet. */
export const nflog: Encapsulation = {
  name: 'NFLOG',
  numbers: { link: [239] },
  open(bytes, length) {
    const [family, version] = bytes;
    if (family === undefined || version === undefined) return tooShort;
    if (version !== 0 || (family !== inet && family !== inet6)) return notUnderstood('NFLOG records of unknown kind');
    for (let at = nflogHeader; at + 4 <= bytes.length; ) {
      // Lengths and types have the byte order of the capturing machine: the one in which the length is plausible.
      const big = uint16(bytes, at) as number;
      const little = (bytes[at] as number) + (bytes[at + 1] as number) * 256;
      const isLittle = little <= big;
      const size = isLittle ? little : big;
      const type = isLittle ? (bytes[at + 2] as number) : (bytes[at + 3] as number);
      if (size < 4) return notUnderstood('NFLOG records with damaged attributes');
      const end = Math.min(length, at + size);
      const number = family === inet ? 0x0800 : 0x86dd;
      if (type === nflogPayload) return inner('etherType', number, bytes.subarray(0, end), end, at + 4);
      at += Math.ceil(size / 4) * 4;
    }
    return holdsNeither('NFLOG records without a packet');
  },
};

/** IP authentication headers: RFC 4302. Inside IPv6 they are skipped as extension headers. */
export const authenticationHeader: Encapsulation = {
  name: 'AH',
  numbers: { ipProtocol: [51] },
  open(bytes, length) {
    const [next, size] = bytes;
    if (next === undefined || size === undefined) return tooShort;
    return inner('ipProtocol', next, bytes, length, (size + 2) * 4);
  },
};

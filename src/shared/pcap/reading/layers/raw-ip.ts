import { type Encapsulation, type Inner, inner, notUnderstood, type Other, tooShort, uint16 } from './layer.ts';

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

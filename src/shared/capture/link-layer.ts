/** Where the IP packet begins in a frame, or in words what the frame is instead. */
export type NetworkPacket = { readonly at: number; readonly version: 4 | 6 } | { readonly other: string };

const etherTypeNames: Readonly<Record<number, string>> = {
  2054: 'ARP',
  32821: 'RARP',
  34887: 'MPLS',
  34915: 'PPPoE discovery',
  34916: 'PPPoE',
  34958: 'EAPOL',
  35020: 'LLDP',
  35063: 'PTP',
};
const vlanTypes = new Set([0x8100, 0x88a8, 0x9100]);
const maxVlanTags = 8;

/** Families in the header of BSD loopback captures; IPv6 has another number on each system. */
const bsdInet = 2;
const bsdInet6 = new Set([10, 24, 28, 30]);

/**
 * Finds the IP packet in `data`, whose first bytes are as `linkType` says
 * (https://www.tcpdump.org/linktypes.html). Takes any bytes.
 */
export function networkOf(linkType: number, data: Uint8Array): NetworkPacket {
  switch (linkType) {
    case 1:
      return ofEtherType(data, 12);
    case 0:
    case 108:
      return ofFamily(data);
    // Raw IP; 12 and 14 are what some systems wrote for it before it had a number of its own.
    case 101:
    case 12:
    case 14:
      return ofVersion(data, 0);
    case 228:
      return { at: 0, version: 4 };
    case 229:
      return { at: 0, version: 6 };
    case 113:
      return ofEtherType(data, 14);
    case 276:
      return ofEtherType(data, 0, 20);
    default:
      return { other: `frames of link type ${linkType}` };
  }
}

/** The EtherType at byte `at`, behind it VLAN tags or, from byte `next` on, the packet. */
function ofEtherType(data: Uint8Array, at: number, next = at + 2): NetworkPacket {
  let type = uint16(data, at);
  let begin = next;
  for (let tags = 0; type !== undefined && vlanTypes.has(type) && tags < maxVlanTags; tags += 1) {
    type = uint16(data, begin + 2);
    begin += 4;
  }
  if (type === undefined) return cutOff;
  if (type === 0x0800) return { at: begin, version: 4 };
  if (type === 0x86dd) return { at: begin, version: 6 };
  if (type < 0x0600) return { other: 'IEEE 802.3 frames' };
  return { other: `${etherTypeNames[type] ?? `EtherType 0x${type.toString(16).padStart(4, '0')}`} packets` };
}

/** A family in the byte order of the machine that captured, which is not known. */
function ofFamily(data: Uint8Array): NetworkPacket {
  const high = uint16(data, 0);
  const low = uint16(data, 2);
  if (high === undefined || low === undefined) return cutOff;
  const big = high * 65_536 + low;
  const family = big <= 0xffff ? big : (data[0] as number) + (data[1] as number) * 256;
  if (family === bsdInet) return { at: 4, version: 4 };
  if (bsdInet6.has(family)) return { at: 4, version: 6 };
  return { other: `packets of address family ${family}` };
}

function ofVersion(data: Uint8Array, at: number): NetworkPacket {
  const first = data[at];
  if (first === undefined) return cutOff;
  const version = first >> 4;
  return version === 4 || version === 6 ? { at, version } : { other: 'raw packets that are not IP' };
}

const cutOff: NetworkPacket = { other: 'frames too short for their header' };

function uint16(data: Uint8Array, at: number): number | undefined {
  const high = data[at];
  const low = data[at + 1];
  return high === undefined || low === undefined ? undefined : high * 256 + low;
}

/** An IP packet or a fragment. Its bytes are views, which are valid as long as the captured packet. */
export interface IpPacket {
  readonly version: 4 | 6;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** The protocol of the payload: 6 TCP, 17 UDP. */
  readonly protocol: number;
  /** The captured part of the payload. */
  readonly payload: Uint8Array;
  /** The length of the payload on the wire. */
  readonly length: number;
  readonly fragment: Fragment | undefined;
}

export interface Fragment {
  readonly id: number;
  /** The offset of its payload in the whole packet. */
  readonly offset: number;
  readonly more: boolean;
}

/**
 * Parses the IP packet at byte `at` of `data`; `wireLength` is the length of the frame from there on. Returns a description if it is not an
 * IP packet. RFC 791, RFC 8200.
 */
export function readIp(data: Uint8Array, at: number, version: 4 | 6, wireLength: number): IpPacket | string {
  const bytes = data.subarray(at);
  return version === 4 ? readIpv4(bytes, wireLength) : readIpv6(bytes, wireLength);
}

const damaged = 'IP packets with a damaged header';

function readIpv4(bytes: Uint8Array, wireLength: number): IpPacket | string {
  if (bytes.length < 20 || (bytes[0] as number) >> 4 !== 4) return damaged;
  const headerLength = ((bytes[0] as number) & 15) * 4;
  // A network card that splits large packets itself (TSO) leaves the length 0. No packet is longer than its frame.
  const total = Math.min(uint16(bytes, 2) || wireLength, wireLength);
  if (headerLength < 20 || headerLength > bytes.length || total < headerLength) return damaged;
  const flags = uint16(bytes, 6);
  const offset = (flags & 0x1fff) * 8;
  const more = (flags & 0x2000) !== 0;
  return {
    version: 4,
    source: bytes.subarray(12, 16),
    destination: bytes.subarray(16, 20),
    protocol: bytes[9] as number,
    payload: bytes.subarray(headerLength, Math.min(total, bytes.length)),
    length: total - headerLength,
    fragment: offset > 0 || more ? { id: uint16(bytes, 4), offset, more } : undefined,
  };
}

const hopByHop = 0;
const routing = 43;
const fragmentHeader = 44;
const authentication = 51;
const destinationOptions = 60;
const mobility = 135;
const maxExtensions = 16;

/** Parses the fragment header at byte `at` (RFC 8200, section 4.5). */
function readFragment(bytes: Uint8Array, at: number): Fragment {
  const place = uint16(bytes, at + 2);
  return {
    id: uint16(bytes, at + 4) * 65_536 + uint16(bytes, at + 6),
    offset: place & 0xfff8,
    more: (place & 1) === 1,
  };
}

function isExtension(protocol: number): boolean {
  return protocol === hopByHop || protocol === routing || protocol === destinationOptions || protocol === mobility;
}

function readIpv6(bytes: Uint8Array, wireLength: number): IpPacket | string {
  if (bytes.length < 40 || (bytes[0] as number) >> 4 !== 6) return damaged;
  const most = Math.max(0, wireLength - 40);
  const end = 40 + Math.min(uint16(bytes, 4) || most, most);
  const captured = bytes.subarray(0, Math.min(end, bytes.length));
  let protocol = bytes[6] as number;
  let at = 40;
  let fragment: Fragment | undefined;
  for (let count = 0; count < maxExtensions; count += 1) {
    if (!isExtension(protocol) && protocol !== fragmentHeader && protocol !== authentication) break;
    if (at + 8 > captured.length) return damaged;
    const next = captured[at] as number;
    const length = captured[at + 1] as number;
    if (protocol === fragmentHeader) {
      fragment = readFragment(captured, at);
      at += 8;
    } else {
      at += protocol === authentication ? (length + 2) * 4 : (length + 1) * 8;
    }
    protocol = next;
    // The payload of a later fragment does not begin with a header.
    if (fragment && fragment.offset > 0) break;
  }
  if (at > end) return damaged;
  // A fragment that is the whole packet is not a fragment.
  if (fragment?.offset === 0 && !fragment.more) fragment = undefined;
  return {
    version: 6,
    source: bytes.subarray(8, 24),
    destination: bytes.subarray(24, 40),
    protocol,
    payload: captured.subarray(Math.min(at, captured.length)),
    length: end - at,
    fragment,
  };
}

/** Formats the address in `bytes` (4 or 16), for IPv6 as in RFC 5952. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => uint16(bytes, index * 2));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${bytes.subarray(12).join('.')}`;
  }
  const { from, length } = longestZeros(groups);
  const hex = (some: readonly number[]) => some.map((group) => group.toString(16)).join(':');
  return length < 2 ? hex(groups) : `${hex(groups.slice(0, from))}::${hex(groups.slice(from + length))}`;
}

function longestZeros(groups: readonly number[]): { from: number; length: number } {
  let best = { from: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { from: index - length + 1, length };
  }
  return best;
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** A TCP segment or a UDP datagram, with its captured bytes. */
export interface Segment {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
  /** The length of the payload on the wire. */
  readonly length: number;
}

export interface TcpSegment extends Segment {
  readonly sequence: number;
  /** `undefined` if the segment has no acknowledgement. */
  readonly acknowledged: number | undefined;
  readonly fin: boolean;
  readonly syn: boolean;
  readonly reset: boolean;
  readonly push: boolean;
}

export const tcpProtocol = 6;
export const udpProtocol = 17;

/** Parses the TCP segment in an IP packet; returns `undefined` if its header is damaged or was not captured. RFC 9293, 3.1. */
export function readTcp({ payload: bytes, length }: IpPacket): TcpSegment | undefined {
  if (bytes.length < 20) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerLength = (view.getUint8(12) >> 4) * 4;
  if (headerLength < 20 || headerLength > length) return undefined;
  const flags = view.getUint8(13);
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    sequence: view.getUint32(4),
    acknowledged: flags & 0x10 ? view.getUint32(8) : undefined,
    fin: (flags & 0x01) !== 0,
    syn: (flags & 0x02) !== 0,
    reset: (flags & 0x04) !== 0,
    push: (flags & 0x08) !== 0,
    payload: bytes.subarray(Math.min(headerLength, bytes.length)),
    length: length - headerLength,
  };
}

/** Parses the UDP datagram in an IP packet; returns `undefined` if its header is damaged or was not captured. RFC 768. */
export function readUdp({ payload: bytes, length }: IpPacket): Segment | undefined {
  if (bytes.length < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // A jumbogram has the length 0: it extends to the end of its packet.
  const said = view.getUint16(4) || length;
  if (said < 8 || said > length) return undefined;
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    payload: bytes.subarray(8, Math.min(said, bytes.length)),
    length: said - 8,
  };
}

import type { IpPacket } from './ip.ts';

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

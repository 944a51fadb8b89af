import type { CapturedPacket } from './capture-file.ts';
import { type IpPacket, readIp, readUdp, tcpProtocol, udpProtocol } from './ip.ts';
import { encapsulationOf, ipVersionOf, otherOf } from './layers/catalogue.ts';
import { type Inner, type NumberSpace, notUnderstood, type Other } from './layers/layer.ts';

/** A packet with more nested headers is refused. */
const maxHeaders = 32;
const tooDeep = notUnderstood(`packets with more than ${maxHeaders} nested headers`);

/**
 * Finds the IP packet with TCP or UDP in a captured frame, inside any link layers and tunnels (https://www.tcpdump.org/linktypes.html).
 * Accepts any bytes. Returns `undefined` while fragments of the packet are missing, or a description of a frame that contains neither or is
 * not understood.
 */
export function decapsulate(packet: CapturedPacket, fragments: Fragments): IpPacket | Other | undefined {
  const { linkType, data: bytes, originalLength: length } = packet;
  let layer: Inner = { kind: 'inner', space: 'link', number: linkType, bytes, length };
  for (let headers = 0; headers < maxHeaders; headers += 1) {
    const version = ipVersionOf(layer.space, layer.number);
    if (version === undefined) {
      const next = openLayer(layer);
      if (next.kind === 'other') return next;
      layer = next;
      continue;
    }
    const ip = readIp(layer.bytes, 0, version, layer.length);
    if (typeof ip === 'string') return notUnderstood(ip);
    const whole = ip.fragment ? fragments.take(ip) : ip;
    if (whole === undefined) return undefined;
    const next = contentOf(whole);
    if (next === undefined) return whole;
    if (next.kind === 'other') return next;
    layer = next;
  }
  return tooDeep;
}

/** Returns the packet inside an IP packet; `undefined` for TCP and for an ordinary datagram. */
function contentOf(ip: IpPacket): Inner | Other | undefined {
  if (ip.protocol === tcpProtocol) return undefined;
  if (ip.protocol === udpProtocol) return tunnelOf(ip);
  return { kind: 'inner', space: 'ipProtocol', number: ip.protocol, bytes: ip.payload, length: ip.length };
}

function openLayer({ space, number, bytes, length }: Inner): Inner | Other {
  return encapsulationOf(space, number)?.open(bytes, length) ?? otherOf(space, number);
}

const udpPort: NumberSpace = 'udpPort';

/** Returns the content of a tunnel over UDP; `undefined` for an ordinary datagram. */
function tunnelOf(ip: IpPacket): Inner | Other | undefined {
  const datagram = readUdp(ip);
  if (datagram === undefined) return undefined;
  const { sourcePort, destinationPort, payload, length } = datagram;
  const kind = encapsulationOf(udpPort, destinationPort) ?? encapsulationOf(udpPort, sourcePort);
  const found = kind?.open(payload, length);
  // A tunnel with unknown content is kept as a datagram, so that its bytes are shown.
  return found?.kind === 'inner' && canOpen(found) ? found : undefined;
}

function canOpen({ space, number, bytes, length }: Inner): boolean {
  if (ipVersionOf(space, number) !== undefined) return true;
  const within = encapsulationOf(space, number)?.open(bytes, length);
  return (
    within?.kind === 'inner' &&
    (ipVersionOf(within.space, within.number) ?? encapsulationOf(within.space, within.number)) !== undefined
  );
}

/** Maximum payload of an IP packet. */
const maxLength = 65_535;
/** Maximum number of incomplete packets; the oldest is given up. Together at most 64 MiB. */
const maxIncomplete = 1_024;
const maxParts = 512;

interface Incomplete {
  readonly bytes: Uint8Array;
  /** The ranges that are present, `[from, to)`, sorted and disjoint. */
  ranges: { from: number; to: number }[];
  parts: number;
  protocol: number;
  /** Known after the last fragment. */
  length: number | undefined;
}

/** Reassembles IP packets from their fragments. Where fragments overlap, the first one is kept. */
export class Fragments {
  readonly #incomplete = new Map<string, Incomplete>();
  /** Packets that were given up with fragments missing. */
  givenUp = 0;

  /** Packets that wait for fragments. */
  get waiting(): number {
    return this.#incomplete.size;
  }

  /** Adds a fragment; returns the whole packet if no fragment is missing any more. */
  take(packet: IpPacket): IpPacket | undefined {
    const { fragment, payload, length } = packet;
    if (fragment === undefined) return packet;
    const { offset, more } = fragment;
    // A fragment that the capture truncated cannot complete a packet, and one that ends beyond the limit of IP is forged.
    if (payload.length < length || offset + length > maxLength) {
      this.givenUp += 1;
      return undefined;
    }
    const key = keyOf(packet, fragment.id);
    const whole = this.#incomplete.get(key) ?? this.#begin(key, packet.protocol);
    whole.parts += 1;
    if (offset === 0) whole.protocol = packet.protocol;
    if (!more) whole.length ??= offset + length;
    add(whole, offset, payload);
    const [first] = whole.ranges;
    if (whole.ranges.length === 1 && first?.from === 0 && whole.length !== undefined && first.to >= whole.length) {
      this.#incomplete.delete(key);
      const bytes = whole.bytes.subarray(0, whole.length);
      return { ...packet, protocol: whole.protocol, payload: bytes, length: bytes.length, fragment: undefined };
    }
    if (whole.parts >= maxParts) this.#giveUp(key);
    return undefined;
  }

  #begin(key: string, protocol: number): Incomplete {
    const [oldest] = this.#incomplete.keys();
    if (oldest !== undefined && this.#incomplete.size >= maxIncomplete) this.#giveUp(oldest);
    const begun = { bytes: new Uint8Array(maxLength), ranges: [], parts: 0, protocol, length: undefined };
    this.#incomplete.set(key, begun);
    return begun;
  }

  #giveUp(key: string): void {
    this.#incomplete.delete(key);
    this.givenUp += 1;
  }
}

function add(whole: Incomplete, offset: number, payload: Uint8Array): void {
  const to = offset + payload.length;
  let at = offset;
  for (const range of whole.ranges) {
    if (at >= to) break;
    if (range.from > at) whole.bytes.set(payload.subarray(at - offset, Math.min(range.from, to) - offset), at);
    if (range.to > at) at = Math.max(at, range.to);
  }
  if (at < to) whole.bytes.set(payload.subarray(at - offset), at);
  const ranges = [...whole.ranges, { from: offset, to }].sort((a, b) => a.from - b.from);
  const joined: Incomplete['ranges'] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else joined.push({ ...range });
  }
  whole.ranges = joined;
}

function keyOf({ source, destination, version, protocol }: IpPacket, id: number): string {
  // In IPv6 later fragments may have another protocol; in IPv4 it is part of the packet's identification.
  return `${source.join('.')} ${destination.join('.')} ${id} ${version === 4 ? protocol : ''}`;
}

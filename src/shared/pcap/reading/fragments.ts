import type { IpPacket } from './ip.ts';

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

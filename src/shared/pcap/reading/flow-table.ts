import type { SocketInfo } from '../../record/record.ts';
import { type Address, formatAddress } from '../../socket/address.ts';
import type { IpPacket, Segment } from './ip.ts';

export type Direction = 'in' | 'out';

/** The start of a flow. */
export interface FlowStart {
  /** The socket's number in the session. */
  readonly id: number;
  readonly local: Address;
  readonly peer: Address;
  /** The local side accepted the connection; else it initiated it. */
  readonly accepted: boolean;
  /** The segments up to one with PSH are one message. */
  readonly joined: boolean;
  /** The reset connection whose peer sent further bytes. */
  readonly reset?: ResetConnection | undefined;
}

/** The sequence numbers at which the streams of a reset connection ended. */
export interface ResetConnection {
  readonly socket: number;
  /** Sequence numbers of the next bytes. */
  readonly next: Readonly<Record<Direction, number | undefined>>;
}

/** Returns the socket of a flow. */
export function describeFlow({ id, local, peer, accepted }: FlowStart, transport: 'tcp' | 'udp'): SocketInfo {
  const role = accepted ? 'accepted' : 'outgoing';
  const ends = { local: formatAddress(local), peer: formatAddress(peer) };
  return { id, role, transport, endpoint: '', name: '', ...ends, framing: 'raw' };
}

/** Maximum number of open flows; the ones that were idle longest are ended. */
const maxOpen = 16_384;
/** Maximum number and age of ended flows that are remembered, so that their last packets do not begin new flows. */
const maxEnded = 65_536;
const rememberedMs = 120_000;

/** The part of a flow that a table uses. */
interface TabledFlow {
  readonly lastAt: number;
}

/** A flow that has ended. */
interface EndedFlow {
  readonly at: number;
  /** Its local address and port. */
  readonly local: string;
  readonly reset: ResetConnection | undefined;
}

/** The flows of one transport by their two addresses and ports. */
export class FlowTable<Flow extends TabledFlow> {
  readonly #evict: (flow: Flow) => void;
  readonly #open = new Map<string, { readonly flow: Flow; readonly local: string }>();
  readonly #ended = new Map<string, EndedFlow>();

  /** `evict` ends a flow to make room for another one. */
  constructor(evict: (flow: Flow) => void) {
    this.#evict = evict;
  }

  get(key: string): Flow | undefined {
    return this.#open.get(key)?.flow;
  }

  /** Returns true if `end` is the local side of the flow. */
  isLocal(key: string, end: string): boolean {
    return this.#open.get(key)?.local === end;
  }

  /** Adds a flow, and replaces one with the same ends. */
  add(key: string, local: string, flow: Flow): void {
    if (this.#open.size >= maxOpen) this.#makeRoom();
    this.#open.set(key, { flow, local });
    this.#ended.delete(key);
  }

  /** Removes a flow that ended at `at`, and remembers how it ended. */
  end(key: string, at: number, reset: ResetConnection | undefined): void {
    const local = this.#open.get(key)?.local ?? '';
    this.#open.delete(key);
    const [oldest] = this.#ended.keys();
    if (oldest !== undefined && this.#ended.size >= maxEnded) this.#ended.delete(oldest);
    this.#ended.set(key, { at, local, reset });
  }

  /** Returns a flow of these ends that ended shortly before `at`. */
  ended(key: string, at: number): EndedFlow | undefined {
    const ended = this.#ended.get(key);
    return ended !== undefined && at - ended.at < rememberedMs ? ended : undefined;
  }

  *open(): Generator<Flow> {
    for (const { flow } of this.#open.values()) yield flow;
  }

  #makeRoom(): void {
    const byAge = [...this.#open].sort(([, one], [, other]) => one.flow.lastAt - other.flow.lastAt);
    for (const [key, { flow }] of byAge.slice(0, maxOpen / 8)) {
      this.#evict(flow);
      // The connection has not ended: later packets begin a socket in its middle.
      this.#open.delete(key);
    }
  }
}

export interface FlowKey {
  readonly source: string;
  readonly destination: string;
  /** Returns the same text for both directions. */
  readonly both: string;
}

/** Returns the key of the flow of a segment. */
export function keyOf(ip: IpPacket, { sourcePort, destinationPort }: Segment): FlowKey {
  const source = endKey(ip.source, sourcePort);
  const destination = endKey(ip.destination, destinationPort);
  return { source, destination, both: source < destination ? source + destination : destination + source };
}

/** Returns an address and port as a short string. */
function endKey(address: Uint8Array, port: number): string {
  let key = String.fromCharCode(port);
  for (let at = 0; at < address.length; at += 2) {
    key += String.fromCharCode(((address[at] as number) << 8) | (address[at + 1] as number));
  }
  return key;
}

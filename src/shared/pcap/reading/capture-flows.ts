import type { Address } from '../../socket/address.ts';
import type { CapturedPacket } from './capture-file.ts';
import { decapsulate, Fragments } from './decapsulate.ts';
import { type Direction, type FlowKey, FlowTable, keyOf, type ResetConnection } from './flow-table.ts';
import { addressText, type IpPacket, readTcp, readUdp, type Segment, type TcpSegment, tcpProtocol } from './ip.ts';
import { type CaptureSink, maxDelayMs, RecordOrder } from './record-order.ts';
import { before } from './sent-history.ts';
import { UdpFlow } from './side.ts';
import { TcpFlow } from './tcp-flow.ts';
import type { StreamBudgets } from './tcp-stream.ts';

/** Maximum memory for segments of all connections that wait for earlier ones. */
const maxWaitingBytes = 64 * 1_048_576;
/** Maximum memory of all connections for comparing retransmissions. */
const maxHistoryBytes = 64 * 1_048_576;
/** Why flows end that continue after the capture, or that exceed the maximum number of flows. */
const captureEnded = 'the capture ended';
const evicted = 'too many connections were open at the same time';
const renewed = 'a new connection between the same addresses began';

/** Creates sockets, messages and lifecycle events from captured packets. Accepts any packets, and counts those that it leaves out. */
export class CaptureFlows {
  /** Sockets so far. */
  sockets = 0;
  /** Packets that contain neither TCP nor UDP, by kind. */
  readonly leftOut = new Map<string, number>();
  /** Packets whose content is unknown, by kind. */
  readonly notUnderstood = new Map<string, number>();
  /** Packets of connections after their end, and bytes after the end of a stream or before its first byte. */
  latePackets = 0;
  lateBytes = 0;
  earlyBytes = 0;
  readonly #order: RecordOrder;
  readonly #pending: PendingFlows;
  readonly #budgets: StreamBudgets = {
    waiting: { used: 0, max: maxWaitingBytes },
    history: { used: 0, max: maxHistoryBytes },
  };
  readonly #fragments = new Fragments();
  readonly #tcp: FlowTable<TcpFlow>;
  readonly #udp: FlowTable<UdpFlow>;
  #lastAt = 0;

  /** `onRecord` receives each record by its ticket (see `taken`) and its number in the session. */
  constructor(sink: CaptureSink, onRecord?: (ticket: number, seq: number) => void) {
    this.#order = new RecordOrder(sink, onRecord);
    this.#pending = new PendingFlows(this.#order);
    this.#tcp = new FlowTable((flow) => this.#stop(flow, evicted));
    this.#udp = new FlowTable((flow) => this.#stop(flow, evicted));
  }

  /** IP packets that could not be reassembled. */
  get incompletePackets(): number {
    return this.#fragments.givenUp + this.#fragments.waiting;
  }

  /** The ticket of the next record. A record gets its number later if an earlier one may still follow. */
  get taken(): number {
    return this.#order.taken;
  }

  take(packet: CapturedPacket): void {
    this.#lastAt = packet.at;
    this.#pending.settle(packet.at);
    const found = decapsulate(packet, this.#fragments);
    if (found === undefined) return;
    if ('what' in found) {
      count(found.isUnderstood ? this.leftOut : this.notUnderstood, found.what);
    } else if (found.protocol === tcpProtocol) {
      this.#takeTcp(packet, found);
    } else {
      this.#takeUdp(packet, found);
    }
  }

  /** Ends the capture: closes what is open. */
  end(): void {
    for (const flow of this.#tcp.open()) this.#stop(flow, captureEnded);
    for (const flow of this.#udp.open()) this.#stop(flow, captureEnded);
    this.#order.settle(undefined);
  }

  #takeTcp(packet: CapturedPacket, ip: IpPacket): void {
    const segment = readTcp(ip);
    if (segment === undefined) {
      count(this.notUnderstood, 'TCP segments with a damaged header');
      return;
    }
    const key = keyOf(ip, segment);
    let flow = this.#tcp.get(key.both);
    if (flow?.closed) {
      // The flow has ended meanwhile because a gap was given up.
      this.#finish(flow, key.both);
      flow = undefined;
    } else if (flow?.isRenewedBy(segment)) {
      this.#stop(flow, renewed);
      flow = undefined;
    }
    flow ??= this.#beginTcp(packet, ip, segment, key);
    if (flow === undefined) return;
    flow.take(segment, this.#tcp.isLocal(key.both, key.source) ? 'out' : 'in', packet.at);
    this.#pending.note(flow);
    if (flow.closed) this.#finish(flow, key.both);
  }

  #finish(flow: TcpFlow, key: string): void {
    this.#count(flow);
    this.#tcp.end(key, flow.lastAt, flow.reset);
  }

  /** Returns the flow that `segment` begins, if any. */
  #beginTcp(packet: CapturedPacket, ip: IpPacket, segment: TcpSegment, key: FlowKey): TcpFlow | undefined {
    const isSyn = segment.syn && segment.acknowledged === undefined;
    // An acknowledgement or a reset alone does not begin a flow: the connection is recorded when it carries data.
    if (!segment.syn && segment.length === 0 && (segment.reset || !segment.fin)) return undefined;
    const ended = isSyn ? undefined : this.#tcp.ended(key.both, packet.at);
    if (ended === undefined) return this.#addTcp(packet, ip, segment, key);
    if (segment.length === 0) return undefined;
    // A retransmitted FIN or acknowledgement is nothing new; new bytes after a reset are.
    const next = ended.reset?.next[key.source === ended.local ? 'out' : 'in'];
    const isNew = next === undefined || before(next, segment.sequence + segment.length) > 0;
    if (ended.reset && isNew) return this.#addTcp(packet, ip, segment, key, { reset: ended.reset, local: ended.local });
    this.latePackets += 1;
    return undefined;
  }

  #addTcp(
    { writer, interfaceName }: CapturedPacket,
    ip: IpPacket,
    segment: TcpSegment,
    key: FlowKey,
    after?: { readonly reset: ResetConnection; readonly local: string },
  ): TcpFlow {
    const { source, destination } = addressesOf(ip, segment);
    // The sender of a SYN is the client; in the middle of a connection, the side with the higher port.
    const higher = source.port >= destination.port;
    const fromClient = segment.syn ? segment.acknowledged === undefined : higher;
    const isOurs = writer.includes('Wirebench');
    const accepted = isOurs && interfaceName.endsWith('accepted');
    const fromLocal = after ? key.source === after.local : fromClient !== accepted;
    const ends = fromLocal ? { local: source, peer: destination } : { local: destination, peer: source };
    this.sockets += 1;
    const start = { id: this.sockets, ...ends, accepted, joined: isOurs, reset: after?.reset };
    const flow = new TcpFlow(start, this.#order, this.#budgets);
    this.#tcp.add(key.both, fromLocal ? key.source : key.destination, flow);
    return flow;
  }

  #takeUdp(packet: CapturedPacket, ip: IpPacket): void {
    const segment = readUdp(ip);
    if (segment === undefined) {
      count(this.notUnderstood, 'UDP datagrams with a damaged header');
      return;
    }
    const key = keyOf(ip, segment);
    let flow = this.#udp.get(key.both);
    if (flow === undefined) {
      const { source, destination } = addressesOf(ip, segment);
      this.sockets += 1;
      const start = { id: this.sockets, local: source, peer: destination, accepted: false, joined: false };
      flow = new UdpFlow(start, this.#order);
      this.#udp.add(key.both, key.source, flow);
    }
    const direction: Direction = this.#udp.isLocal(key.both, key.source) ? 'out' : 'in';
    flow.take(segment, direction, packet.at);
  }

  #stop(flow: TcpFlow | UdpFlow, why: string): void {
    flow.stop(why, this.#lastAt);
    if (!(flow instanceof TcpFlow)) return;
    this.#pending.note(flow);
    this.#count(flow);
  }

  #count({ late, early }: TcpFlow): void {
    this.lateBytes += late;
    this.earlyBytes += early;
  }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function addressesOf(ip: IpPacket, { sourcePort, destinationPort }: Segment) {
  const end = (bytes: Uint8Array, port: number): Address => ({ host: addressText(bytes), port, family: ip.version });
  return { source: end(ip.source, sourcePort), destination: end(ip.destination, destinationPort) };
}

/** Maximum number of flows that are checked for each packet; with more, each is checked once in that number of packets. */
const fewFlows = 16;

/** The flows in which a segment waits for earlier bytes. Later records of other flows wait too, for a limited time. */
class PendingFlows {
  readonly #order: RecordOrder;
  readonly #flows = new Set<TcpFlow>();
  #packets = 0;

  constructor(order: RecordOrder) {
    this.#order = order;
  }

  /** Notes that `flow` has received a segment. */
  note(flow: TcpFlow): void {
    const since = flow.waitingSince;
    if (since !== undefined) {
      this.#flows.add(flow);
      if (flow.lastAt - since <= maxDelayMs) this.#order.hold(since);
    } else if (this.#flows.delete(flow) && this.#flows.size === 0) {
      this.#order.settle(undefined);
    }
  }

  /** Advances the time to `now`: gives up gaps that are too old. */
  settle(now: number): void {
    if (this.#flows.size === 0) return;
    this.#packets += 1;
    if (this.#flows.size > fewFlows && this.#packets < this.#flows.size) return;
    this.#packets = 0;
    let earliest: number | undefined;
    for (const flow of this.#flows) {
      flow.settle(now);
      const since = flow.waitingSince;
      if (since === undefined) this.#flows.delete(flow);
      else if (now - since <= maxDelayMs) earliest = Math.min(earliest ?? since, since);
    }
    this.#order.settle(earliest);
  }
}

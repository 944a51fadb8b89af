import type { Address } from '../socket/event.ts';
import { FlowTable } from './flow-table.ts';
import { Fragments } from './fragments.ts';
import { addressText, type IpPacket, protocolName, readIp } from './ip.ts';
import { networkOf } from './link-layer.ts';
import type { CapturedPacket } from './packet.ts';
import type { CaptureSink } from './side.ts';
import { type Direction, TcpFlow } from './tcp-flow.ts';
import type { Budget } from './tcp-stream.ts';
import { readTcp, readUdp, type Segment, type TcpSegment, tcpProtocol, udpProtocol } from './transport.ts';
import { UdpFlow } from './udp-flow.ts';

/** What may wait of all connections together for what lies before it. */
const maxWaitingBytes = 64 * 1_048_576;
/** The end of flows that go on where the capture ends, or where too many are open. */
const captureEnded = 'the capture ended';
const evicted = 'too many connections were open at once';
const renewed = 'a new connection between the same addresses began';

/** Makes sockets, messages and lifecycle events of captured packets. Takes any packets; keeps count of what it leaves out. */
export class CaptureFlows {
  /** Sockets so far. */
  sockets = 0;
  /** Packets that are no TCP or UDP, by what they are. */
  readonly leftOut = new Map<string, number>();
  /** Packets that came for connections after their end, and bytes behind the end of a stream. */
  latePackets = 0;
  lateBytes = 0;
  readonly #sink: CaptureSink;
  readonly #budget: Budget = { used: 0, max: maxWaitingBytes };
  readonly #fragments = new Fragments();
  readonly #tcp: FlowTable<TcpFlow>;
  readonly #udp: FlowTable<UdpFlow>;
  #lastAt = 0;

  constructor(sink: CaptureSink) {
    this.#sink = sink;
    this.#tcp = new FlowTable((flow) => this.#stop(flow, evicted));
    this.#udp = new FlowTable((flow) => this.#stop(flow, evicted));
  }

  /** IP packets that could not be put together. */
  get incompletePackets(): number {
    return this.#fragments.givenUp + this.#fragments.waiting;
  }

  take(packet: CapturedPacket): void {
    const { at, linkType, data, originalLength } = packet;
    this.#lastAt = at;
    const network = networkOf(linkType, data);
    if ('other' in network) {
      this.#leaveOut(network.other);
      return;
    }
    const ip = readIp(data, network.at, network.version, originalLength - network.at);
    if (typeof ip === 'string') {
      this.#leaveOut(ip);
      return;
    }
    const whole = ip.fragment ? this.#fragments.take(ip) : ip;
    if (whole === undefined) return;
    if (whole.protocol === tcpProtocol) this.#takeTcp(packet, whole);
    else if (whole.protocol === udpProtocol) this.#takeUdp(packet, whole);
    else this.#leaveOut(protocolName(whole.protocol));
  }

  /** The capture has ended: closes what is open. */
  end(): void {
    for (const flow of this.#tcp.open()) this.#stop(flow, captureEnded);
    for (const flow of this.#udp.open()) this.#stop(flow, captureEnded);
  }

  #takeTcp(packet: CapturedPacket, ip: IpPacket): void {
    const segment = readTcp(ip);
    if (segment === undefined) {
      this.#leaveOut('TCP segments with a damaged header');
      return;
    }
    const key = keyOf(ip, segment);
    const { at } = packet;
    let flow = this.#tcp.get(key.both);
    if (flow?.isRenewedBy(segment)) {
      this.#stop(flow, renewed);
      flow = undefined;
    }
    if (flow === undefined) {
      const begins = segment.syn && segment.acknowledged === undefined;
      // An acknowledgement or a reset alone begins nothing: the connection is told of when it carries something.
      if (!segment.syn && (segment.reset || (segment.length === 0 && !segment.fin))) return;
      if (!begins && this.#tcp.hasEnded(key.both, at)) {
        // A FIN or an acknowledgement that is sent again tells nothing new.
        if (segment.length > 0) this.latePackets += 1;
        return;
      }
      flow = this.#beginTcp(packet, ip, segment, key);
    }
    flow.take(segment, this.#tcp.isLocal(key.both, key.source) ? 'out' : 'in', at);
    if (flow.closed) this.#close(flow, key.both);
  }

  #beginTcp({ writer, interfaceName }: CapturedPacket, ip: IpPacket, segment: TcpSegment, key: FlowKey): TcpFlow {
    const { source, destination } = addressesOf(ip, segment);
    // Who sends a SYN is the client; in the middle of a connection, who has the higher port.
    const higher = source.port >= destination.port;
    const fromClient = segment.syn ? segment.acknowledged === undefined : higher;
    const isOurs = writer.includes('Wirebench');
    const accepted = isOurs && interfaceName.endsWith('accepted');
    const fromLocal = fromClient !== accepted;
    const ends = fromLocal ? { local: source, peer: destination } : { local: destination, peer: source };
    this.sockets += 1;
    const start = { id: this.sockets, ...ends, accepted, joined: isOurs };
    const flow = new TcpFlow(start, this.#sink, this.#budget);
    this.#tcp.add(key.both, fromLocal ? key.source : key.destination, flow);
    return flow;
  }

  #takeUdp(packet: CapturedPacket, ip: IpPacket): void {
    const segment = readUdp(ip);
    if (segment === undefined) {
      this.#leaveOut('UDP datagrams with a damaged header');
      return;
    }
    const key = keyOf(ip, segment);
    let flow = this.#udp.get(key.both);
    if (flow === undefined) {
      const { source, destination } = addressesOf(ip, segment);
      this.sockets += 1;
      const start = { id: this.sockets, local: source, peer: destination, accepted: false, joined: false };
      flow = new UdpFlow(start, this.#sink);
      this.#udp.add(key.both, key.source, flow);
    }
    const direction: Direction = this.#udp.isLocal(key.both, key.source) ? 'out' : 'in';
    flow.take(segment, direction, packet.at);
  }

  #close(flow: TcpFlow, key: string): void {
    this.lateBytes += flow.late;
    this.#tcp.end(key, flow.lastAt);
  }

  #stop(flow: TcpFlow | UdpFlow, why: string): void {
    flow.stop(why, this.#lastAt);
    if (flow instanceof TcpFlow) this.lateBytes += flow.late;
  }

  #leaveOut(what: string): void {
    this.leftOut.set(what, (this.leftOut.get(what) ?? 0) + 1);
  }
}

interface FlowKey {
  readonly source: string;
  readonly destination: string;
  /** The same for both directions. */
  readonly both: string;
}

function keyOf(ip: IpPacket, { sourcePort, destinationPort }: Segment): FlowKey {
  const source = endKey(ip.source, sourcePort);
  const destination = endKey(ip.destination, destinationPort);
  return { source, destination, both: source < destination ? source + destination : destination + source };
}

/** An address and port as a short string. */
function endKey(address: Uint8Array, port: number): string {
  let key = String.fromCharCode(port);
  for (let at = 0; at < address.length; at += 2) {
    key += String.fromCharCode(((address[at] as number) << 8) | (address[at + 1] as number));
  }
  return key;
}

function addressesOf(ip: IpPacket, { sourcePort, destinationPort }: Segment) {
  const end = (bytes: Uint8Array, port: number): Address => ({ host: addressText(bytes), port, family: ip.version });
  return { source: end(ip.source, sourcePort), destination: end(ip.destination, destinationPort) };
}

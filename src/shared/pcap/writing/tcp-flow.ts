import { noBytes } from './blocks.ts';
import type { Ends } from './endpoints.ts';
import { type Flow, flowOf, type Packet, type PacketWriter, synOptions, tcpFlags } from './packet-writer.ts';

/** The number of unacknowledged segments or bytes after which the receiver acknowledges. */
const ackAfterSegments = 16;
const ackAfterBytes = 1_048_576;
const { fin, syn, rst, psh, ack } = tcpFlags;

export type Side = 'local' | 'peer';

interface SideState {
  readonly flow: Flow;
  /** The number of its next byte, modulo 2^32. */
  next: number;
  ended: boolean;
  /** Segments and bytes received since its last acknowledgement. */
  segments: number;
  bytes: number;
}

/**
 * One TCP connection as packets that could have carried it. Numbers and acknowledgements follow from earlier packets, so that an analysis
 * reports no errors. Times are microseconds since the epoch.
 */
export class TcpFlow {
  readonly #writer: PacketWriter;
  readonly #interface: number;
  readonly #sides: Readonly<Record<Side, SideState>>;
  #state: 'new' | 'syn' | 'open' | 'reset' = 'new';
  #opener: Side = 'local';

  constructor(writer: PacketWriter, interfaceId: number, { local, peer }: Ends) {
    this.#writer = writer;
    this.#interface = interfaceId;
    const side = (flow: Flow): SideState => ({ flow, next: 0, ended: false, segments: 0, bytes: 0 });
    this.#sides = { local: side(flowOf('tcp', local, peer)), peer: side(flowOf('tcp', peer, local)) };
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Opens the connection from `opener`. */
  connect(at: number, opener: Side, comments: readonly string[]): void {
    this.#opener = opener;
    this.#state = 'syn';
    this.#send(at, opener, syn, comments, synOptions(this.#sides[opener].flow.maxPayload));
    this.#sides[opener].next = 1;
  }

  /** Completes the handshake. */
  establish(at: number, opener: Side, comments: readonly string[]): void {
    const isNew = this.#state === 'new';
    if (isNew) this.connect(at, opener, comments);
    const answering = opposite(this.#opener);
    const { flow } = this.#sides[answering];
    this.#send(at, answering, syn | ack, isNew ? [] : comments, synOptions(flow.maxPayload));
    this.#sides[answering].next = 1;
    this.#send(at, this.#opener, ack, []);
    this.#state = 'open';
  }

  /**
   * Sends bytes from `side`, split into packets. `last`: a message ends with them, so its last packet has PSH. `offset` is that of the bytes
   * in their stream: if the start of the connection was not recorded, numbers begin there.
   */
  data(at: number, side: Side, bytes: Uint8Array, offset: number, last: boolean, comments: readonly string[]): void {
    if (this.#state === 'new') {
      this.#sides[side].next = (offset + 1) % 0x1_0000_0000;
      this.#sides[opposite(side)].next = 1;
      this.#state = 'open';
    } else if (this.#state === 'syn') {
      this.establish(at, this.#opener, []);
    }
    const from = this.#sides[side];
    const to = this.#sides[opposite(side)];
    const most = from.flow.maxPayload;
    for (let begin = 0; begin < bytes.length; begin += most) {
      const end = Math.min(begin + most, bytes.length);
      const payload = begin === 0 && end === bytes.length ? bytes : bytes.subarray(begin, end);
      const flags = last && end === bytes.length ? psh | ack : ack;
      this.#send(at, side, flags, begin === 0 ? comments : [], noBytes, payload);
      from.next = (from.next + payload.length) >>> 0;
      to.segments += 1;
      to.bytes += payload.length;
      if (to.segments >= ackAfterSegments || to.bytes >= ackAfterBytes) this.#send(at, opposite(side), ack, []);
    }
  }

  /** Returns false if `side` has already ended, or there is no open connection. */
  canEnd(side: Side): boolean {
    return this.#state === 'open' && !this.#sides[side].ended;
  }

  /** Ends `side` with a FIN that the other side acknowledges. */
  end(at: number, side: Side, comments: readonly string[]): void {
    const from = this.#sides[side];
    this.#send(at, side, fin | ack, comments);
    from.next = (from.next + 1) >>> 0;
    from.ended = true;
    this.#send(at, opposite(side), ack, []);
  }

  /** Returns false if both sides have ended, or one has reset the connection. */
  get canReset(): boolean {
    const { local, peer } = this.#sides;
    return (this.#state === 'syn' || this.#state === 'open') && !(local.ended && peer.ended);
  }

  /** Resets or refuses the connection from `side`. */
  reset(at: number, side: Side, comments: readonly string[]): void {
    this.#send(at, side, rst | ack, comments);
    this.#state = 'reset';
  }

  #send(
    at: number,
    side: Side,
    flags: number,
    comments: readonly string[],
    tcpOptions: Uint8Array = noBytes,
    payload: Uint8Array = noBytes,
  ): void {
    const from = this.#sides[side];
    const acknowledgement = flags & ack ? this.#sides[opposite(side)].next : 0;
    from.segments = 0;
    from.bytes = 0;
    const packet: Packet = {
      interface: this.#interface,
      at,
      flow: from.flow,
      flags,
      sequence: from.next,
      acknowledgement,
      tcpOptions,
      payload,
      comments,
    };
    this.#writer.packet(packet);
  }
}

function opposite(side: Side): Side {
  return side === 'local' ? 'peer' : 'local';
}

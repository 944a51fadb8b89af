import type { Row, SocketInfo } from '../../record/record.ts';
import type { Address } from '../../socket/address.ts';
import { formatAddress, formatHostPort, isLoopback } from '../../socket/address.ts';
import type { SocketEvent } from '../../socket/event.ts';
import type { Transport } from '../../socket/transports.ts';
import { comment, interfaceBlock, noBytes, optionCodes, sectionBlock, textOption } from './blocks.ts';
import { Endpoints, type Ends } from './endpoints.ts';
import { type Flow, flowOf, PacketWriter } from './packet-writer.ts';
import { RecordComments } from './record-comments.ts';
import { type Side, TcpFlow } from './tcp-flow.ts';

/** Maximum number of sockets with a separate interface; the others share one. */
const maxInterfaces = 1_000;

interface CaptureOptions {
  readonly appVersion: string;
  /** Some records are left out: a filter, sockets or a direction were selected. */
  readonly partial: boolean;
  readonly sessionName: string;
}

/** The state of one socket. */
interface Conversation {
  readonly info: SocketInfo;
  interface: number;
  flow: TcpFlow | undefined;
  /** Of UDP. */
  flows: Readonly<Record<Side, Flow>> | undefined;
  /** The peer of the `connecting` event that the SYN of the flow represents. */
  attempt: Address | undefined;
  /** Comments for the first packet. */
  introduction: string;
}

/**
 * Creates a pcapng file from recorded socket data, with synthetic IP, TCP and UDP headers. `write` receives the file in parts, each valid
 * until it returns.
 */
export class Capture {
  readonly #writer: PacketWriter;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #sockets: ReadonlyMap<number, SocketInfo>;
  readonly #endpoints = new Endpoints();
  readonly #conversations = new Map<number, Conversation>();
  #interfaces = 0;
  readonly #comments = new RecordComments();

  constructor(
    sockets: ReadonlyMap<number, SocketInfo>,
    { appVersion, partial, sessionName }: CaptureOptions,
    write: (bytes: Uint8Array) => void,
  ) {
    this.#sockets = sockets;
    this.#write = write;
    this.#writer = new PacketWriter(write);
    const about = [
      `Session “${sessionName}”.`,
      'Synthetic: created from the data that Wirebench recorded at sockets. IP, TCP and UDP headers, acknowledgements and',
      'segment boundaries are synthetic; payloads, times and (where no comment says otherwise) addresses are as recorded.',
    ];
    if (partial) about.push('Only the selected records are included; their bytes follow one another without gaps.');
    write(sectionBlock([comment(about.join(' ')), textOption(optionCodes.userApplication, `Wirebench ${appVersion}`)]));
  }

  get packets(): number {
    return this.#writer.packets;
  }

  /**
   * Adds a part of the message of `row`, framing included: `bytes` from its byte `from` on. A message may be added in several parts, in
   * order.
   */
  message(row: Row, bytes: Uint8Array, from: number, last: boolean): void {
    const talk = this.#conversation(row.socket);
    const isDatagram = talk.info.transport === 'udp';
    if (row.length === 0 && !isDatagram) {
      this.#comments.wait(row, 'an empty message');
      return;
    }
    const side: Side = row.kind === 'out' ? 'local' : 'peer';
    const at = Math.round(row.at * 1_000);
    if (isDatagram) {
      this.#datagrams(talk, row, bytes, from, at, side);
      return;
    }
    let { flow } = talk;
    if (flow === undefined) flow = this.#flow(talk, talk.info.local, talk.info.peer);
    flow.data(at, side, bytes, row.offset + from, last, from === 0 ? this.#commentsOf(talk, row) : []);
  }

  /** Adds a lifecycle event. */
  event(row: Row): void {
    const { event } = row;
    const talk = this.#conversation(row.socket);
    const at = Math.round(row.at * 1_000);
    if (
      !event ||
      talk.info.transport === 'udp' ||
      talk.info.role === 'listener' ||
      !this.#packets(talk, row, event, at)
    )
      this.#comments.wait(row);
  }

  /** Ends the file. The remaining comments are added to the last packet, or to an additional interface. */
  end(): void {
    const rest = this.#comments.rest();
    if (this.#writer.finish(rest) || rest.length === 0) return;
    this.#write(interfaceBlock('no packets', rest.join('\n')));
  }

  /** Writes the packets of `event`; returns false if it has none. */
  #packets(talk: Conversation, row: Row, event: SocketEvent, at: number): boolean {
    const { flow } = talk;
    switch (event.kind) {
      case 'connecting':
        this.#attempt(talk, event.peer);
        talk.flow?.connect(at, 'local', this.#commentsOf(talk, row));
        return true;
      case 'opened':
      case 'accepted': {
        const opener = event.kind === 'opened' ? 'local' : 'peer';
        const fits = talk.attempt && formatAddress(talk.attempt) === formatAddress(event.peer);
        let opening = flow && fits && !flow.isOpen ? flow : undefined;
        opening ??= this.#flow(talk, formatAddress(event.local), formatAddress(event.peer));
        opening.establish(at, opener, this.#commentsOf(talk, row));
        return true;
      }
      case 'failed': {
        const refused = event.call === 'connect' && event.errno === 'ECONNREFUSED';
        return refused && flow?.isOpen === false && this.#reset(talk, row, at, 'peer');
      }
      case 'shutdown':
        return this.#finish(talk, row, at, 'local');
      case 'ended':
        return this.#finish(talk, row, at, 'peer');
      case 'closed': {
        if (flow?.isOpen !== true) return false;
        const { cause } = event;
        if (cause === 'reset-by-us') return this.#reset(talk, row, at, 'local');
        if (cause === 'reset-by-peer') return this.#reset(talk, row, at, 'peer');
        // Nothing was received any more: what the local system then sent is unknown.
        return cause !== 'failed' && cause !== 'timeout' && this.#finish(talk, row, at, 'local');
      }
      default:
        return false;
    }
  }

  #finish(talk: Conversation, row: Row, at: number, side: Side): boolean {
    if (talk.flow?.canEnd(side) !== true) return false;
    talk.flow.end(at, side, this.#commentsOf(talk, row));
    return true;
  }

  #reset(talk: Conversation, row: Row, at: number, side: Side): boolean {
    if (talk.flow?.canReset !== true) return false;
    talk.flow.reset(at, side, this.#commentsOf(talk, row));
    return true;
  }

  /** Creates a flow for one attempt to connect to `peer`, with the local end as far as it is known. */
  #attempt(talk: Conversation, peer: Address): void {
    const { info } = talk;
    const succeeded = info.peer === formatAddress(peer);
    // A connection from a loopback address goes to a loopback address.
    const loopback = isLoopback(peer.host) ? formatHostPort(peer.host, 0) : '';
    this.#flow(talk, succeeded ? info.local : loopback, formatAddress(peer));
    talk.attempt = peer;
  }

  #flow(talk: Conversation, local: string, peer: string): TcpFlow {
    const ends = this.#ends(talk, local, peer);
    talk.flow = new TcpFlow(this.#writer, talk.interface, ends);
    talk.attempt = undefined;
    return talk.flow;
  }

  #ends(talk: Conversation, local: string, peer: string): Ends {
    if (talk.interface < 0) talk.interface = this.#interface(talk.info);
    const ends = this.#endpoints.ends(talk.info, local, peer);
    const words = [ends.madeUp, carriers[talk.info.transport]].filter(Boolean).join('; ');
    talk.introduction = words === '' ? '' : `socket ${talk.info.id}: ${words}`;
    return ends;
  }

  #datagrams(talk: Conversation, row: Row, bytes: Uint8Array, from: number, at: number, side: Side): void {
    if (talk.flows === undefined) {
      const { local, peer } = this.#ends(talk, talk.info.local, talk.info.peer);
      talk.flows = { local: flowOf('udp', local, peer), peer: flowOf('udp', peer, local) };
    }
    const flow = talk.flows[side];
    const tooLong =
      row.length > flow.maxPayload ? [`of a message of ${row.length} bytes, too long for one datagram`] : [];
    for (let begin = 0; begin === 0 || begin < bytes.length; begin += flow.maxPayload) {
      const payload = bytes.subarray(begin, begin + flow.maxPayload);
      const comments = from + begin === 0 ? [...this.#commentsOf(talk, row), ...tooLong] : tooLong;
      const common = { flags: 0, sequence: 0, acknowledgement: 0, tcpOptions: noBytes };
      this.#writer.packet({ interface: talk.interface, at, flow, ...common, payload, comments });
    }
  }

  /** Returns the comments for the first packet of `row`. */
  #commentsOf(talk: Conversation, row: Row): readonly string[] {
    const { introduction } = talk;
    talk.introduction = '';
    return this.#comments.of(row, introduction);
  }

  #conversation(socket: number): Conversation {
    let talk = this.#conversations.get(socket);
    if (talk === undefined) {
      const info = this.#sockets.get(socket) ?? unknownSocket(socket);
      talk = { info, interface: -1, flow: undefined, flows: undefined, attempt: undefined, introduction: '' };
      this.#conversations.set(socket, talk);
    }
    return talk;
  }

  #interface({ id, name, role, framing, transport }: SocketInfo): number {
    if (this.#interfaces > maxInterfaces) return maxInterfaces;
    const isShared = this.#interfaces === maxInterfaces;
    const title = isShared ? 'further sockets' : [`socket ${id}`, name, role].filter(Boolean).join(' · ');
    const about = [`${transport}, framing ${framing || 'unknown'}`, carriers[transport]].filter(Boolean).join('; ');
    this.#writer.block(interfaceBlock(title, isShared ? '' : about));
    this.#interfaces += 1;
    return this.#interfaces - 1;
  }
}

/** The protocols around the bytes of a socket that its packets do not show. */
const carriers: Readonly<Record<Transport, string>> = {
  tcp: '',
  udp: '',
  tls: 'inside TLS: these bytes were encrypted on the wire',
  local: 'a local socket: its bytes were not sent over a network',
  ws: 'messages of a WebSocket, without the frames and the handshake that were on the wire',
  wss: 'messages of a WebSocket inside TLS: encrypted on the wire, and in frames, which are not here',
};

function unknownSocket(id: number): SocketInfo {
  return { id, role: 'accepted', transport: 'tcp', endpoint: '', name: '', local: '', peer: '', framing: '' };
}

import type { Transport } from './transports.ts';

/** What the wording of an event depends on beside the event: what is known of its socket. */
export interface SocketFacts {
  readonly role: 'listener' | 'accepted' | 'outgoing';
  readonly transport: Transport;
  /** The endpoint that it belongs to; empty for a connection that an import observed. */
  readonly endpoint: string;
  /** `address:port` (`[address]:port` in IPv6), empty while unknown. */
  readonly local: string;
  readonly peer: string;
  /** True for the sockets of a UDP client that did not call connect(). */
  readonly unconnected?: boolean | undefined;
}

/** Returns true for a socket that no endpoint of this program had: an import only observed its traffic. */
export function isObserved({ endpoint }: Pick<SocketFacts, 'endpoint'>): boolean {
  return endpoint === '';
}

/** Returns true for a socket that listens: its calls are accept(), it has nothing to read. */
export function isListener(socket: SocketFacts | undefined): boolean {
  return socket?.role === 'listener' && socket.transport !== 'udp';
}

import type { SocketInfo } from '../../record/record.ts';
import type { Address } from '../../socket/address.ts';
import { formatAddress } from '../../socket/address.ts';

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

import type { SocketInfo } from '../../record/record.ts';
import { formatAddress } from '../../socket/address.ts';
import type { Address } from '../../socket/event.ts';

export type Direction = 'in' | 'out';

/** What a flow is made with. */
export interface FlowStart {
  /** The socket's number in the session. */
  readonly id: number;
  readonly local: Address;
  readonly peer: Address;
  /** Our side accepted the connection; otherwise it made it. */
  readonly accepted: boolean;
  /** Segments up to one with PSH are one message. */
  readonly joined: boolean;
  /** The connection that was reset before, where bytes came after that. */
  readonly reset?: ResetConnection | undefined;
}

/** A connection that ended with a RST: where its streams ended then. */
export interface ResetConnection {
  readonly socket: number;
  /** Sequence numbers of the next bytes. */
  readonly next: Readonly<Record<Direction, number | undefined>>;
}

/** The socket of a flow. */
export function describeFlow({ id, local, peer, accepted }: FlowStart, transport: 'tcp' | 'udp'): SocketInfo {
  const role = accepted ? 'accepted' : 'outgoing';
  const ends = { local: formatAddress(local), peer: formatAddress(peer) };
  return { id, role, transport, endpoint: '', name: '', ...ends, framing: 'raw' };
}

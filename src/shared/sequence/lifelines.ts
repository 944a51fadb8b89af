import { pairSockets } from '../calls/pairs.ts';
import type { SocketInfo } from '../record/record.ts';
import { shortPlace } from './words.ts';

/** The vertical line of one socket in a sequence. */
export interface Lifeline {
  readonly socket: number;
  /** Who owns the socket: a traced program, or an endpoint. */
  readonly owner: string;
  readonly isProgram: boolean;
  /** The socket itself: `listener :12345`, `:51422 → :12345`. */
  readonly title: string;
  readonly isListener: boolean;
  /** The socket at the other end of the connection, where it is in the session too. */
  readonly other: number | undefined;
  /** The socket that accepted it. */
  readonly listener: number | undefined;
}

/**
 * Returns the lifelines of `sockets` from left to right. The two ends of a connection are side by side, the one that connected on
 * the left; a listener is on the right of the sockets that it accepted. The order depends on the sockets only.
 */
export function lifelinesOf(sockets: readonly SocketInfo[]): readonly Lifeline[] {
  const pairs = pairSockets(sockets);
  const byId = new Map(sockets.map((info) => [info.id, info]));
  const listeners = new Map(
    sockets
      .filter(({ role }) => role === 'listener')
      .map((info) => [`${info.endpoint} ${portOf(info.local)}`, info.id]),
  );
  const listenerOf = (info: SocketInfo | undefined) =>
    info?.role === 'accepted' ? listeners.get(`${info.endpoint} ${portOf(info.local)}`) : undefined;
  const placed = sockets.map((info) => {
    const other = pairs.get(info.id);
    const listener = listenerOf(info);
    const group = listener ?? listenerOf(byId.get(other ?? 0)) ?? Math.min(info.id, other ?? info.id);
    // A listener comes after all sockets of its group.
    const unit = info.role === 'listener' ? Number.POSITIVE_INFINITY : Math.min(info.id, other ?? info.id);
    const side = info.role === 'outgoing' ? 0 : 1;
    return { info, other, listener, order: [group, unit, side, info.id] };
  });
  placed.sort((one, two) => compare(one.order, two.order));
  return placed.map(({ info, other, listener }) => ({
    ...{ socket: info.id, owner: info.program ?? info.name, isProgram: info.program !== undefined },
    ...{ title: titleOf(info), isListener: info.role === 'listener', other, listener },
  }));
}

function compare(one: readonly number[], two: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const other = two[index] as number;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

function portOf(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}

function titleOf({ role, local, peer }: SocketInfo): string {
  if (role === 'listener') return `listener ${shortPlace(local)}`.trimEnd();
  if (local === '' && peer === '') return 'new socket';
  return `${shortPlace(local) || '?'} → ${shortPlace(peer) || '?'}`;
}

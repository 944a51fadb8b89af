import type { SocketInfo } from '../record/record.ts';
import { isObserved } from '../socket/state.ts';
import type { Transport } from '../socket/transports.ts';

/**
 * Joins the sockets that are the two ends of one connection: the local address of each is the peer address of the other. Who
 * owns them does not matter: a server of Wirebench and a traced client are a pair, and so are two traced programs.
 *
 * Takes the sockets in any order and returns the other end's id for each socket of a pair, in both directions. Addresses are
 * used again over time: sockets are taken in the order of their ids, which is that of their appearance, and each is joined with
 * the newest socket of the mirrored addresses that has no other end yet, because two connections with the same addresses
 * never exist at the same time. Sockets without a peer address (listeners, bound UDP sockets, local sockets) have no other end here.
 */
export function pairSockets(sockets: Iterable<SocketInfo>): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const waiting = new Map<string, number>();
  for (const info of [...sockets].sort((one, other) => one.id - other.id)) {
    const key = keyOf(info);
    if (key === undefined) continue;
    const mirrored = keyOf({ ...info, local: info.peer, peer: info.local });
    const other = mirrored === undefined || mirrored === key ? undefined : waiting.get(mirrored);
    if (other === undefined || mirrored === undefined) {
      waiting.set(key, info.id);
      continue;
    }
    waiting.delete(mirrored);
    pairs.set(info.id, other);
    pairs.set(other, info.id);
  }
  return pairs;
}

/** Returns what a socket's other end has mirrored; undefined where there is no connection. */
function keyOf(info: SocketInfo): string | undefined {
  const { transport, local, peer } = info;
  if (local === '' || peer === '' || isObserved(info)) return undefined;
  return `${carrierOf(transport)} ${plainAddress(local)} ${plainAddress(peer)}`;
}

/** TLS and WebSocket run over TCP, which is all that a traced program shows of them. */
function carrierOf(transport: Transport): 'tcp' | 'udp' | 'local' {
  return transport === 'udp' || transport === 'local' ? transport : 'tcp';
}

/** Returns an IPv4 address that is mapped into IPv6 (RFC 4291, section 2.5.5.2) as IPv4: the other end sees it as that. */
function plainAddress(address: string): string {
  return address.replace(/^\[::ffff:(\d{1,3}(?:\.\d{1,3}){3})\]/i, '$1');
}

import type { SocketView } from '#shared/contract/models.ts';
import type { Target } from '../../client/drafts-store.ts';
import { shortAddress } from '../../ui/address.ts';
import { countText } from '../../ui/figures.ts';

/** To whom a message goes, in words: it is said before it is sent. */
export function targetText(peers: readonly SocketView[], target: Target): string {
  if (peers.length === 0) return 'no peer is connected';
  if (target.kind === 'all')
    return peers.length === 1 ? `to ${peers[0]?.peer}` : `to all ${countText(peers.length)} peers`;
  const chosen = chosenOf(peers, target.sockets);
  if (chosen.length === 1) return `to ${chosen[0]?.peer}`;
  if (chosen.length === 2 && peers.length > 2) {
    return `to ${chosen.map(({ peer }) => shortAddress(peer)).join(' and ')}, 2 of ${countText(peers.length)} peers`;
  }
  return `to ${countText(chosen.length)} of ${countText(peers.length)} peers`;
}

/** A set first: of ten thousand peers all but one may be chosen. */
function chosenOf(peers: readonly SocketView[], sockets: readonly number[]): readonly SocketView[] {
  const wanted = new Set(sockets);
  return peers.filter(({ id }) => wanted.has(id));
}

/** `target` with `socket` chosen or no longer chosen. From “all”, the others stay chosen. */
export function toggled(target: Target, peers: readonly SocketView[], socket: number): Target {
  const before = target.kind === 'all' ? peers.map(({ id }) => id) : target.sockets;
  const sockets = before.includes(socket) ? before.filter((id) => id !== socket) : [...before, socket];
  return { kind: 'some', sockets };
}

/** The addresses that a message goes to, for a tooltip; of very many only the first. */
export function targetList(peers: readonly SocketView[], target: Target): string {
  const chosen = target.kind === 'all' ? peers : chosenOf(peers, target.sockets);
  const shown = chosen.slice(0, 20).map(({ peer }) => peer);
  return [...shown, ...(chosen.length > shown.length ? ['…'] : [])].join('\n');
}

import type { SocketView } from '#shared/contract/models.ts';
import type { Target } from '../../client/drafts-store.ts';
import { countText } from '../../ui/figures.ts';

/** To whom a message goes, in words: it is said before it is sent. */
export function targetText(peers: readonly SocketView[], target: Target): string {
  if (peers.length === 0) return 'no peer is connected';
  if (target.kind === 'all')
    return peers.length === 1 ? `to ${peers[0]?.peer}` : `to all ${countText(peers.length)} peers`;
  const chosen = peers.filter(({ id }) => target.sockets.includes(id));
  if (chosen.length === 1) return `to ${chosen[0]?.peer}`;
  return `to ${countText(chosen.length)} of ${countText(peers.length)} peers`;
}

/** `target` with `socket` chosen or no longer chosen. From “all”, the others stay chosen. */
export function toggled(target: Target, peers: readonly SocketView[], socket: number): Target {
  const before = target.kind === 'all' ? peers.map(({ id }) => id) : target.sockets;
  const sockets = before.includes(socket) ? before.filter((id) => id !== socket) : [...before, socket];
  return { kind: 'some', sockets };
}

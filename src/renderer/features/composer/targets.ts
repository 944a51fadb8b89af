import type { SocketView } from '#shared/contract/models.ts';
import type { Target } from '../../client/drafts-store.ts';
import { shortAddress } from '../../ui/address.ts';
import { strings } from './strings.ts';

const texts = strings.targets;

/** Describes the peers to which a message will be sent. */
export function targetText(peers: readonly SocketView[], target: Target): string {
  if (peers.length === 0) return texts.none;
  if (target.kind === 'all') return peers.length === 1 ? texts.to(peers[0]?.peer ?? '') : texts.all(peers.length);
  const selected = selectedOf(peers, target.sockets);
  const [first, second] = selected;
  if (first && selected.length === 1) return texts.to(first.peer);
  if (first && second && selected.length === 2 && peers.length > 2) {
    return texts.two(shortAddress(first.peer), shortAddress(second.peer), peers.length);
  }
  return texts.some(selected.length, peers.length);
}

/** Returns the selected peers. A set, because thousands of peers may be selected. */
function selectedOf(peers: readonly SocketView[], sockets: readonly number[]): readonly SocketView[] {
  const wanted = new Set(sockets);
  return peers.filter(({ id }) => wanted.has(id));
}

/** Selects or deselects `socket`. If all peers were selected, the others stay selected. */
export function toggled(target: Target, peers: readonly SocketView[], socket: number): Target {
  const before = target.kind === 'all' ? peers.map(({ id }) => id) : target.sockets;
  const sockets = before.includes(socket) ? before.filter((id) => id !== socket) : [...before, socket];
  return { kind: 'some', sockets };
}

/** Lists the addresses of the target peers for a tooltip, up to 20. */
export function targetList(peers: readonly SocketView[], target: Target): string {
  const selected = target.kind === 'all' ? peers : selectedOf(peers, target.sockets);
  const shown = selected.slice(0, 20).map(({ peer }) => peer);
  return [...shown, ...(selected.length > shown.length ? ['…'] : [])].join('\n');
}

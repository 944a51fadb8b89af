import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { isEnded } from '../../client/live-store.ts';

/** The side bar as rows of one height, so that thousands of peers cost no more than those in sight. */
export type SidebarRowData =
  | { readonly kind: 'heading'; readonly title: string; readonly role: 'server' | 'client' }
  | { readonly kind: 'empty'; readonly text: string; readonly offer: string; readonly role: 'server' | 'client' }
  | { readonly kind: 'endpoint'; readonly view: EndpointView; readonly collapsed: boolean; readonly ended: number }
  | { readonly kind: 'peer'; readonly socket: SocketView }
  /** Peers that ended before those that are shown: `count` of them, below it where it is unfolded. */
  | { readonly kind: 'ended'; readonly view: EndpointView; readonly count: number; readonly unfolded: boolean };

/** Ended peers that are shown without asking: what has just happened is what one looks for. */
const shownEnded = 3;

/** What a person has folded: servers without their peers, and servers with all that have ended. */
export interface Folding {
  readonly collapsed: ReadonlySet<string>;
  readonly unfolded: ReadonlySet<string>;
}

interface Peers {
  readonly live: SocketView[];
  readonly ended: SocketView[];
}

/** Servers, each with its peers unless it is collapsed, then clients. Peers that are connected come first. */
export function sidebarRows(
  endpoints: ReadonlyMap<string, EndpointView>,
  sockets: ReadonlyMap<number, SocketView>,
  { collapsed, unfolded }: Folding,
): SidebarRowData[] {
  const peers = peersByEndpoint(sockets);
  const rows: SidebarRowData[] = [];
  const section = (role: 'server' | 'client', title: string, text: string, offer: string) => {
    rows.push({ kind: 'heading', title, role });
    const views = [...endpoints.values()].filter(({ config }) => config.role === role);
    if (views.length === 0) rows.push({ kind: 'empty', text, offer, role });
    for (const view of views) {
      const own = peers.get(view.id);
      const isCollapsed = collapsed.has(view.id);
      rows.push({ kind: 'endpoint', view, collapsed: isCollapsed, ended: own?.ended.length ?? 0 });
      if (own && !isCollapsed) pushPeers(rows, view, own, unfolded.has(view.id));
    }
  };
  section('server', 'Servers', 'No server yet.', 'Add one');
  section('client', 'Clients', 'No client yet.', 'Add one');
  return rows;
}

function peersByEndpoint(sockets: ReadonlyMap<number, SocketView>): Map<string, Peers> {
  const peers = new Map<string, Peers>();
  for (const socket of sockets.values()) {
    if (socket.role !== 'accepted') continue;
    let own = peers.get(socket.endpoint);
    if (!own) {
      own = { live: [], ended: [] };
      peers.set(socket.endpoint, own);
    }
    (isEnded(socket) ? own.ended : own.live).push(socket);
  }
  return peers;
}

function pushPeers(rows: SidebarRowData[], view: EndpointView, { live, ended }: Peers, unfolded: boolean): void {
  for (const socket of live) rows.push({ kind: 'peer', socket });
  // The newest first: those that are out of sight are the oldest.
  const newest = ended.sort((one, other) => other.id - one.id);
  for (const socket of newest.slice(0, shownEnded)) rows.push({ kind: 'peer', socket });
  const rest = newest.slice(shownEnded);
  if (rest.length === 0) return;
  rows.push({ kind: 'ended', view, count: rest.length, unfolded });
  if (unfolded) for (const socket of rest) rows.push({ kind: 'peer', socket });
}

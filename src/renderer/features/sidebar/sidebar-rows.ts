import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { canSend, isEnded } from '../../bridge/live-store.ts';
import { showDialog } from '../../state/dialogs.ts';
import {
  clearEnded,
  closeEndpoint,
  isOpenState,
  removeEndpoint,
  showEndpoint,
  targetPeer,
} from '../../state/endpoint-commands.ts';
import type { Services } from '../../state/services.ts';
import { socketActions } from '../../state/socket-commands.ts';
import type { MenuItem } from '../../ui/menu.tsx';
import { strings } from './strings.ts';

/** A row of the side bar. All rows have the same height, so that only the visible ones are rendered. */
export type SidebarRowData =
  | { readonly kind: 'heading'; readonly title: string; readonly add: string; readonly role: 'server' | 'client' }
  | { readonly kind: 'empty'; readonly text: string; readonly offer: string; readonly role: 'server' | 'client' }
  | { readonly kind: 'endpoint'; readonly view: EndpointView; readonly collapsed: boolean; readonly ended: number }
  | { readonly kind: 'peer'; readonly socket: SocketView }
  /** `count` older disconnected peers, listed below it if unfolded. */
  | { readonly kind: 'ended'; readonly view: EndpointView; readonly count: number; readonly unfolded: boolean };

/** Number of disconnected peers that are always listed: the latest ones. */
const shownEnded = 3;

/** The ids of servers whose peers are hidden, and of those whose older disconnected peers are listed. */
export interface Folding {
  readonly collapsed: ReadonlySet<string>;
  readonly unfolded: ReadonlySet<string>;
}

interface Peers {
  readonly live: SocketView[];
  readonly ended: SocketView[];
}

/** Returns the rows: servers, each with its peers unless it is collapsed, then clients. Connected peers come first. */
export function sidebarRows(
  endpoints: ReadonlyMap<string, EndpointView>,
  sockets: ReadonlyMap<number, SocketView>,
  { collapsed, unfolded }: Folding,
): SidebarRowData[] {
  const peers = peersByEndpoint(sockets);
  const rows: SidebarRowData[] = [];
  const section = (role: 'server' | 'client', words: typeof strings.servers | typeof strings.clients) => {
    rows.push({ kind: 'heading', title: words.title, add: words.add, role });
    const views = [...endpoints.values()].filter(({ config }) => config.role === role);
    if (views.length === 0) rows.push({ kind: 'empty', text: words.empty, offer: words.offer, role });
    for (const view of views) {
      const own = peers.get(view.id);
      const isCollapsed = collapsed.has(view.id);
      rows.push({ kind: 'endpoint', view, collapsed: isCollapsed, ended: own?.ended.length ?? 0 });
      if (own && !isCollapsed) pushPeers(rows, view, own, unfolded.has(view.id));
    }
  };
  section('server', strings.servers);
  section('client', strings.clients);
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
  const newestFirst = ended.sort((one, other) => other.id - one.id);
  for (const socket of newestFirst.slice(0, shownEnded)) rows.push({ kind: 'peer', socket });
  const rest = newestFirst.slice(shownEnded);
  if (rest.length === 0) return;
  rows.push({ kind: 'ended', view, count: rest.length, unfolded });
  if (unfolded) for (const socket of rest) rows.push({ kind: 'peer', socket });
}

const { menu: words } = strings;

/** Returns the menu of a peer. */
export function socketItems(services: Services, socket: SocketView): MenuItem[] {
  const items: MenuItem[] = [
    {
      id: 'target',
      label: words.sendToPeer,
      disabled: !canSend(socket),
      run: () => targetPeer(services, socket),
    },
  ];
  if (!abilitiesOf(socket.transport).messageOriented) {
    items.push({
      id: 'frame',
      label: words.framing,
      detail: socket.framing,
      run: () => showDialog(services.dialogs, { kind: 'frame-socket', socket: socket.id }),
    });
  }
  for (const { id, label, detail, danger, enabled, run } of socketActions(services, socket)) {
    items.push({ id, label, detail, danger, disabled: !enabled, run });
  }
  return items;
}

/** Returns the menu of a server or a client; `ended` is the number of disconnected peers listed. */
export function endpointItems(services: Services, view: EndpointView, ended: number): MenuItem[] {
  const isServer = view.config.role === 'server';
  const isOpen = isOpenState(view);
  const close = () => void closeEndpoint(services, view.id);
  const { peers, state } = view;
  // UDP peers share the server's socket.
  const canKeep = state === 'listening' && peers > 0;
  const leftOver = isServer && !isOpen && peers > 0;
  return [
    { id: 'show', label: words.show, run: () => showEndpoint(services, view.id) },
    { id: 'close', label: isServer ? words.stopServer : words.disconnectClient, disabled: !isOpen, run: close },
    ...(isServer
      ? [
          {
            id: 'stop-listening',
            label: words.stopListening,
            disabled: !canKeep,
            run: () => void closeEndpoint(services, view.id, true),
          },
          { id: 'close-peers', label: words.closeConnections(peers), disabled: !leftOver, run: close },
        ]
      : []),
    ...(isServer || ended > 0
      ? [
          {
            id: 'clear',
            label: words.removeDisconnected,
            disabled: ended === 0,
            run: () => void clearEnded(services, view.id),
          },
        ]
      : []),
    {
      id: 'remove',
      label: words.remove,
      danger: true,
      disabled: isOpen,
      run: () => void removeEndpoint(services, view.id),
    },
  ];
}

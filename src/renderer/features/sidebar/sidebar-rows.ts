import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { canSend, isEnded } from '../../bridge/live-store.ts';
import { type Action, contextOf, listed } from '../../state/action.ts';
import { showDialog } from '../../state/dialogs.ts';
import {
  clearEnded,
  closeEndpoint,
  isOpenState,
  removeEndpoint,
  showEndpoint,
  targetPeer,
} from '../../state/endpoint-commands.ts';
import { labelOf } from '../../state/endpoint-form.ts';
import type { Services } from '../../state/services.ts';
import { socketActions } from '../../state/socket-commands.ts';
import type { MenuItem } from '../../ui/popover.tsx';
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

/** The actions on a peer of a server, besides those on every connection. */
export const peerActions: readonly Action[] = [
  {
    id: 'target',
    label: words.sendToPeer,
    applies: ({ endpoint }) => endpoint?.config.role === 'server',
    enabled: ({ socket }) => socket !== undefined && canSend(socket),
    run: ({ services, socket }) => {
      if (socket) targetPeer(services, socket);
    },
  },
  {
    id: 'frame',
    label: words.framing,
    detail: ({ socket }) => socket?.framing ?? '',
    applies: ({ socket }) => socket !== undefined && !abilitiesOf(socket.transport).messageOriented,
    enabled: () => true,
    run: ({ services, socket }) => {
      if (socket) showDialog(services.dialogs, { kind: 'frame-socket', socket: socket.id });
    },
  },
];

/** Returns an action on the endpoint in the context. */
function endpointAction(
  { id, label, title, danger = false }: Pick<Action, 'id' | 'label' | 'title' | 'danger'>,
  applies: (view: EndpointView, services: Services) => boolean,
  enabled: (view: EndpointView, services: Services) => boolean,
  run: (services: Services, id: string) => void,
): Action {
  return {
    id,
    label,
    ...(title === undefined ? {} : { title }),
    danger,
    applies: ({ endpoint, services }) => endpoint !== undefined && applies(endpoint, services),
    enabled: ({ endpoint, services }) => endpoint !== undefined && enabled(endpoint, services),
    run: ({ services, endpoint }) => {
      if (endpoint) run(services, endpoint.id);
    },
  };
}

const isServer = ({ config }: EndpointView) => config.role === 'server';

function hasEnded({ id }: EndpointView, { live }: Services): boolean {
  for (const socket of live.getState().sockets.values()) {
    if (socket.endpoint === id && socket.role === 'accepted' && isEnded(socket)) return true;
  }
  return false;
}

/** The actions on a server or a client. */
export const endpointActions: readonly Action[] = [
  {
    ...endpointAction(
      { id: 'show-endpoint', label: words.show },
      () => true,
      () => true,
      (services, id) => showEndpoint(services, id),
    ),
    // The endpoint of the active tab is shown.
    enabled: ({ endpoint, tab }) =>
      endpoint !== undefined && !(tab?.kind === 'endpoint' && tab.endpoint === endpoint.id),
  },
  endpointAction({ id: 'stop-server', label: words.stopServer }, isServer, isOpenState, closeEndpoint),
  endpointAction(
    { id: 'disconnect', label: words.disconnectClient },
    (view) => !isServer(view),
    isOpenState,
    closeEndpoint,
  ),
  endpointAction(
    { id: 'stop-listening', label: words.stopListening },
    isServer,
    // UDP peers share the server's socket.
    ({ state, peers }) => state === 'listening' && peers > 0,
    (services, id) => closeEndpoint(services, id, true),
  ),
  endpointAction(
    { id: 'close-peers', label: ({ endpoint }) => words.closeConnections(endpoint?.peers ?? 0) },
    isServer,
    (view) => !isOpenState(view) && view.peers > 0,
    closeEndpoint,
  ),
  endpointAction(
    { id: 'clear-ended', label: words.removeDisconnected },
    (view, services) => isServer(view) || hasEnded(view, services),
    hasEnded,
    clearEnded,
  ),
  endpointAction(
    {
      id: 'remove-endpoint',
      label: words.remove,
      title: ({ endpoint }) => (endpoint ? `${words.remove}: ${labelOf(endpoint)}` : words.remove),
      danger: true,
    },
    () => true,
    (view) => !isOpenState(view),
    removeEndpoint,
  ),
];

/** Returns the menu of a peer. */
export function socketItems(services: Services, socket: SocketView): MenuItem[] {
  const endpoint = services.live.getState().endpoints.get(socket.endpoint);
  return listed([...peerActions, ...socketActions], { ...contextOf(services), endpoint, socket });
}

/** Returns the menu of a server or a client. */
export function endpointItems(services: Services, view: EndpointView): MenuItem[] {
  return listed(endpointActions, { ...contextOf(services), endpoint: view });
}

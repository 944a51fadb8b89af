import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { showDialog } from '../../client/dialogs-store.ts';
import {
  clearEnded,
  closeEndpoint,
  isOpenState,
  removeEndpoint,
  showEndpoint,
  targetPeer,
} from '../../client/endpoint-commands.ts';
import { canSend } from '../../client/live-store.ts';
import type { Services } from '../../client/services.ts';
import { socketActions } from '../../client/socket-actions.ts';
import type { MenuItem } from '../../ui/menu.tsx';
import { strings } from './strings.ts';

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

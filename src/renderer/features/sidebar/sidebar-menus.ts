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
import { countOf } from '../../ui/figures.ts';
import type { MenuItem } from '../../ui/menu.tsx';

/** What can be done to a peer. */
export function socketItems(services: Services, socket: SocketView): MenuItem[] {
  const items: MenuItem[] = [
    {
      id: 'aim',
      label: 'Send to this peer only',
      disabled: !canSend(socket),
      run: () => targetPeer(services, socket),
    },
  ];
  if (!abilitiesOf(socket.transport).messageOriented) {
    items.push({
      id: 'frame',
      label: 'Framing…',
      detail: socket.framing,
      run: () => showDialog(services.dialogs, { kind: 'frame-socket', socket: socket.id }),
    });
  }
  for (const { id, label, detail, danger, enabled, run } of socketActions(services, socket)) {
    items.push({ id, label, detail, danger, disabled: !enabled, run });
  }
  return items;
}

/** What can be done to a server or a client; `ended`: how many of its peers that have ended are listed. */
export function endpointItems(services: Services, view: EndpointView, ended: number): MenuItem[] {
  const isServer = view.config.role === 'server';
  const isOpen = isOpenState(view);
  const close = () => void closeEndpoint(services, view.id);
  const { peers, state } = view;
  // UDP has no connections without its socket.
  const canKeep = state === 'listening' && peers > 0;
  const leftOver = isServer && !isOpen && peers > 0;
  return [
    { id: 'show', label: 'Show', run: () => showEndpoint(services, view.id) },
    { id: 'close', label: isServer ? 'Stop server' : 'Disconnect client', disabled: !isOpen, run: close },
    ...(isServer
      ? [
          {
            id: 'stop-listening',
            label: 'Stop listening, keep its peers',
            disabled: !canKeep,
            run: () => void closeEndpoint(services, view.id, true),
          },
          { id: 'close-peers', label: `Close its ${countOf(peers, 'peer')}`, disabled: !leftOver, run: close },
        ]
      : []),
    ...(isServer || ended > 0
      ? [
          {
            id: 'clear',
            label: 'Clear ended peers',
            disabled: ended === 0,
            run: () => void clearEnded(services, view.id),
          },
        ]
      : []),
    {
      id: 'remove',
      label: 'Remove',
      danger: true,
      disabled: isOpen,
      run: () => void removeEndpoint(services, view.id),
    },
  ];
}

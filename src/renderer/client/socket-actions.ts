import type { SocketView } from '#shared/contract/models.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { endSocket, sendPing, setReading } from './live-commands.ts';
import { canSend } from './live-store.ts';
import type { Services } from './services.ts';

/** An action on a socket, offered in the state line and in menus. */
interface SocketAction {
  readonly id: string;
  readonly label: string;
  /** The call, or the segment or frame sent. */
  readonly detail: string;
  /** One sentence on what it does. */
  readonly help: string;
  readonly danger: boolean;
  readonly enabled: boolean;
  readonly run: () => void;
}

/** Returns the actions that the transport of `socket` supports. */
export function socketActions(services: Services, socket: SocketView): SocketAction[] {
  const { halfClose, reset } = abilitiesOf(socket.transport);
  const isOpen = socket.state === 'connected' || socket.state === 'half-closed';
  const end = (how: 'shutdown' | 'close' | 'reset') => () => void endSocket(services, how, socket.id);
  const reading: SocketAction = socket.readingStopped
    ? {
        id: 'read',
        label: 'Resume reading',
        detail: 'recv()',
        help: 'Calls recv() again. Queued data arrives immediately.',
        danger: false,
        enabled: isOpen,
        run: () => void setReading(services, socket.id, true),
      }
    : {
        id: 'stop-reading',
        label: 'Stop reading',
        detail: 'no recv()',
        help: 'Stops calling recv(). Data (and FIN/RST) queue in the kernel until the window closes and the peer blocks.',
        danger: false,
        enabled: isOpen && !socket.readEnded,
        run: () => void setReading(services, socket.id, false),
      };
  const actions: SocketAction[] = [reading];
  if (socket.transport === 'ws' || socket.transport === 'wss') {
    actions.push({
      id: 'ping',
      label: 'Send ping',
      detail: 'PING',
      help: 'Sends a WebSocket ping. Ping and pong are recorded as events.',
      danger: false,
      enabled: canSend(socket),
      run: () => void sendPing(services, socket.id),
    });
  }
  if (halfClose) {
    actions.push({
      id: 'shutdown',
      label: 'Shut down writing',
      detail: 'FIN',
      help: 'Sends a FIN. Sending ends; receiving continues.',
      danger: false,
      enabled: canSend(socket),
      run: end('shutdown'),
    });
  }
  actions.push({
    id: 'close',
    label: 'Close',
    detail: 'close()',
    help: 'Ends both directions and releases the socket.',
    danger: false,
    enabled: isOpen,
    run: end('close'),
  });
  if (reset) {
    actions.push({
      id: 'reset',
      label: 'Reset',
      detail: 'RST',
      help: 'Aborts the connection immediately. The peer’s next call fails with ECONNRESET.',
      danger: true,
      enabled: isOpen,
      run: end('reset'),
    });
  }
  return actions;
}

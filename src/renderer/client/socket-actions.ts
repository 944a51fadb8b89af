import type { SocketView } from '#shared/contract/models.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { endSocket, sendPing, setReading } from './live-commands.ts';
import { canSend } from './live-store.ts';
import type { Services } from './services.ts';

/** Something that can be done to a socket: the same in the state line and in menus. */
interface SocketAction {
  readonly id: string;
  readonly label: string;
  /** The call, or what goes over the wire. */
  readonly detail: string;
  /** What it does, in a sentence. */
  readonly help: string;
  readonly danger: boolean;
  readonly enabled: boolean;
  readonly run: () => void;
}

/** What can be done to `socket`: nothing that its transport has not. */
export function socketActions(services: Services, socket: SocketView): SocketAction[] {
  const { halfClose, reset } = abilitiesOf(socket.transport);
  const isOpen = socket.state === 'connected' || socket.state === 'half-closed';
  const end = (how: 'shutdown' | 'close' | 'reset') => () => void endSocket(services, how, socket.id);
  const reading: SocketAction = socket.readingStopped
    ? {
        id: 'read',
        label: 'Go on reading',
        detail: 'recv()',
        help: 'Calls recv() again: what has waited arrives at once',
        danger: false,
        enabled: isOpen,
        run: () => void setReading(services, socket.id, true),
      }
    : {
        id: 'stop-reading',
        label: 'Stop reading',
        detail: 'no recv()',
        help: 'Calls recv() no more: what comes waits in the kernel, a FIN or RST too, and then the peer has to wait',
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
      help: 'Asks the peer for a pong: both are recorded as events',
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
      help: 'Sends a FIN: nothing more is sent, receiving goes on',
      danger: false,
      enabled: canSend(socket),
      run: end('shutdown'),
    });
  }
  actions.push({
    id: 'close',
    label: 'Close',
    detail: 'close()',
    help: 'Ends both directions and gives the socket back',
    danger: false,
    enabled: isOpen,
    run: end('close'),
  });
  if (reset) {
    actions.push({
      id: 'reset',
      label: 'Reset',
      detail: 'RST',
      help: 'Drops the connection at once: the peer’s next call fails with ECONNRESET',
      danger: true,
      enabled: isOpen,
      run: end('reset'),
    });
  }
  return actions;
}

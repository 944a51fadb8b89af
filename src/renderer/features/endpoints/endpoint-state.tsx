import { TriangleAlert } from 'lucide-react';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { canSend } from '../../client/live-store.ts';
import { endSocket } from '../../client/send-command.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { countOf } from '../../ui/figures.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import styles from './address-bar.module.css';

interface EndpointStateProps {
  readonly view: EndpointView | undefined;
  readonly role: 'server' | 'client';
}

/** How the endpoint is, in words; what can be done to a client's connection beside closing it. */
export function EndpointState({ view, role }: EndpointStateProps) {
  const socket = useLive((live) =>
    view?.config.role === 'client' && view.socket !== 0 ? live.sockets.get(view.socket) : undefined,
  );
  return (
    <div className={styles.line}>
      <output className={styles.state} aria-live="polite">
        <StateMark state={view?.state ?? 'idle'} word />
        <span>{detailOf(view, role, socket)}</span>
      </output>
      {view?.exposed ? (
        <span className={styles.exposed}>
          <TriangleAlert size={14} aria-hidden />
          Other machines can reach this server
        </span>
      ) : null}
      {socket ? <SocketActions socket={socket} /> : null}
    </div>
  );
}

function detailOf(view: EndpointView | undefined, role: 'server' | 'client', socket: SocketView | undefined): string {
  if (!view) return role === 'server' ? 'not launched yet' : 'not connected yet';
  switch (view.state) {
    case 'listening':
      return `on ${view.address}, ${countOf(view.peers, 'peer')}`;
    case 'connecting':
    case 'opening':
      return `to ${view.config.host}:${view.config.port}`;
    case 'connected':
      return `to ${view.address}${socket?.local ? ` from ${socket.local}` : ''}`;
    case 'half-closed':
      if (!socket) return view.address;
      return socket.writeEnded
        ? 'we have sent our FIN and still receive'
        : 'the peer has sent its FIN; we may still send';
    default:
      return '';
  }
}

function SocketActions({ socket }: { readonly socket: SocketView }) {
  const services = useServices();
  const isOpen = socket.state === 'connected' || socket.state === 'half-closed';
  return (
    <span className={styles.actions}>
      <Button
        small
        variant="ghost"
        disabled={!canSend(socket)}
        title="Send a FIN: nothing more is sent, receiving goes on"
        onClick={() => void endSocket(services, 'shutdown', socket.id)}
      >
        Shut down writing (FIN)
      </Button>
      <Button
        small
        variant="ghost"
        disabled={!isOpen}
        title="Drop the connection at once: the peer’s next call fails with ECONNRESET"
        onClick={() => void endSocket(services, 'reset', socket.id)}
      >
        Reset (RST)
      </Button>
    </span>
  );
}

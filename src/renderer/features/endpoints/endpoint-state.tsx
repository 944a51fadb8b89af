import { Pause, TriangleAlert } from 'lucide-react';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { connectNow, setAccepting } from '../../client/live-commands.ts';
import { isStale } from '../../client/live-store.ts';
import { socketActions } from '../../client/socket-actions.ts';
import type { EndpointTab } from '../../client/tabs-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { AddPeer } from './add-peer.tsx';
import styles from './address-bar.module.css';
import { IncompleteNote } from './incomplete-note.tsx';
import { Security } from './security.tsx';
import { backlogText, overflowText, socketNotes, stateDetail } from './state-words.ts';
import { strings } from './strings.ts';
import { useNow } from './use-now.ts';

interface EndpointStateProps {
  readonly tab: EndpointTab;
  readonly view: EndpointView | undefined;
}

/** The state of the endpoint in words, and the actions on it and its connection apart from closing. */
export function EndpointState({ tab, view }: EndpointStateProps) {
  const socket = useLive((live) =>
    view?.config.role === 'client' && view.socket !== 0 ? live.sockets.get(view.socket) : undefined,
  );
  const stale = useLive(isStale);
  const now = useNow(view?.state === 'waiting');
  return (
    <div className={styles.line}>
      {/* Screen readers do not announce every second of the countdown. */}
      <output className={styles.state} aria-live={view?.state === 'waiting' ? 'off' : 'polite'}>
        <StateMark state={view?.state ?? 'idle'} word />
        <span>{stateDetail(view, tab.form.role, socket, now)}</span>
        {view && stale ? <span>{strings.state.lastKnown}</span> : null}
      </output>
      {socket && socket.security !== '' ? <Security socket={socket} /> : null}
      {view?.exposed ? (
        <span className={styles.exposed}>
          <TriangleAlert size={14} aria-hidden />
          {strings.state.exposed}
        </span>
      ) : null}
      {view?.state === 'listening' && !view.accepting ? (
        <Note text={backlogText(view.config.role === 'server' ? view.config.backlog : 0, view.backlogWaiting)} />
      ) : null}
      {view?.state === 'listening' && view.dropped ? <Note text={overflowText(view.dropped)} /> : null}
      {view ? <IncompleteNote view={view} /> : null}
      {socketNotes(socket).map((text) => (
        <Note key={text} text={text} />
      ))}
      <span className={styles.actions}>
        {view ? <EndpointActions tab={tab} view={view} /> : null}
        {socket ? <SocketButtons socket={socket} /> : null}
      </span>
    </div>
  );
}

function Note({ text }: { readonly text: string }) {
  return (
    <span className={styles.note} role="status">
      <Pause size={12} aria-hidden />
      {text}
    </span>
  );
}

function EndpointActions({ tab, view }: { readonly tab: EndpointTab; readonly view: EndpointView }) {
  const services = useServices();
  switch (view.state) {
    case 'listening':
      if (!abilitiesOf(view.config.transport).backlog) return null;
      return (
        <Button
          small
          variant={view.accepting ? 'ghost' : 'plain'}
          title={view.accepting ? strings.actions.stopAcceptingHelp : strings.actions.resumeAcceptingHelp}
          onClick={() => void setAccepting(services, view, !view.accepting)}
        >
          {view.accepting ? strings.actions.stopAccepting : strings.actions.resumeAccepting}
        </Button>
      );
    case 'bound':
      return <AddPeer view={view} />;
    case 'waiting':
      return (
        <Button small onClick={() => void connectNow(services, tab.id)}>
          {strings.actions.connectNow}
        </Button>
      );
    default:
      return null;
  }
}

/** The actions on a client's connection except closing, which Disconnect does. */
function SocketButtons({ socket }: { readonly socket: SocketView }) {
  const services = useServices();
  if (socket.state !== 'connected' && socket.state !== 'half-closed') return null;
  return socketActions(services, socket)
    .filter(({ id }) => id !== 'close')
    .map(({ id, label, detail, help, enabled, run }) => (
      <Button key={id} small variant="ghost" disabled={!enabled} title={help} onClick={run}>
        {id === 'shutdown' || id === 'reset' ? `${label} (${detail})` : label}
      </Button>
    ));
}

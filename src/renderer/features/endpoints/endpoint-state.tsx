import { Pause, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { assertNever } from '#shared/assert-never.ts';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { endingText } from '#shared/socket/ending.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { isStale } from '../../bridge/live-store.ts';
import { contextOf, listed } from '../../state/action.ts';
import { useLive, useServices } from '../../state/services.ts';
import { connectNow, setAccepting, socketActions } from '../../state/socket-commands.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import styles from './address-bar.module.css';
import { AddPeer, IncompleteNote, Security } from './endpoint-notes.tsx';
import { strings } from './strings.ts';

const { state: words } = strings;

/** Returns the detail that follows the word for an endpoint's state. `now`: milliseconds since the epoch. */
export function stateDetail(
  view: EndpointView | undefined,
  role: 'server' | 'client',
  socket: SocketView | undefined,
  now: number,
): string {
  if (!view) return role === 'server' ? words.notLaunched : words.notConnected;
  const { config } = view;
  const target = abilitiesOf(config.transport).host ? `${config.host}:${config.port}` : config.path;
  switch (view.state) {
    case 'listening':
      return words.listening(view.address, view.peers);
    case 'bound':
      return words.bound(view.address, view.peers);
    case 'waiting':
      return waitingText(view.retry, target, now);
    case 'connecting':
    case 'opening':
      return role === 'server' ? '' : words.target(target);
    case 'connected':
      return words.target(view.address || target) + fromText(socket);
    case 'half-closed':
      if (!socket) return view.address;
      return socket.writeEnded ? words.finSent : words.finReceived;
    case 'closed':
    case 'reset':
    case 'failed':
      return view.ended ? endingText(view.ended, config.transport) : '';
    case 'idle':
      return '';
    default:
      return assertNever(view.state);
  }
}

function fromText(socket: SocketView | undefined): string {
  return socket?.local && socket.transport !== 'local' ? words.from(socket.local) : '';
}

function waitingText(retry: EndpointView['retry'], target: string, now: number): string {
  if (!retry) return words.reconnecting(target);
  const seconds = Math.max(0, Math.ceil((retry.at - now) / 1_000));
  return words.reconnectingIn(target, seconds, retry.attempt);
}

/** Returns notes on what is stopped or queued on a socket. */
export function socketNotes(socket: SocketView | undefined): string[] {
  if (!socket) return [];
  const notes: string[] = [];
  if (socket.readingStopped) notes.push(words.readingStopped);
  if (socket.framingStopped) notes.push(words.framingStopped);
  if (socket.queued > 0) notes.push(words.unsent(socket.queued));
  return notes;
}

/** Describes an overflow of a server's accept queue; empty if it has not overflowed. */
function overflowText(dropped: number): string {
  return dropped === 0 ? '' : words.overflow(dropped);
}

/** Describes the backlog of a server that does not call accept(), with the number of waiting connections if the system reports it. */
export function backlogText(backlog: number, waiting: number | undefined): string {
  // Linux queues one connection more than the backlog.
  const slots = backlog + 1;
  return waiting === undefined ? words.backlog(slots) : words.backlogInUse(slots, waiting);
}

const stepMs = 250;

/** Returns the time in milliseconds since the epoch, updated several times a second while `running`. */
function useNow(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), stepMs);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

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
  return listed(socketActions, { ...contextOf(services), socket })
    .filter(({ id }) => id !== 'close')
    .map(({ id, label, detail, help, disabled, run }) => (
      <Button key={id} small variant="ghost" disabled={disabled} title={help} onClick={run}>
        {id === 'shutdown' || id === 'reset' ? `${label} (${detail})` : label}
      </Button>
    ));
}

import { Hourglass, Lock, UserPlus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import { incompleteText } from '#shared/framing/frame-faults.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { overdueOf, recordingOf } from '../../bridge/live-store.ts';
import { showDialog } from '../../state/dialogs.ts';
import { useLive, useServices } from '../../state/services.ts';
import { eventOf } from '../../state/sessions.ts';
import { addPeer } from '../../state/socket-commands.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { TextField } from '../../ui/field.tsx';
import { PopoverButton } from '../../ui/popover.tsx';
import { SecurityFacts } from '../../ui/security-facts.tsx';
import { countText, shortAddress } from '../../ui/text.ts';
import styles from './address-bar.module.css';
import { strings } from './strings.ts';

/** The negotiated TLS and WebSocket parameters in short; for TLS, a button shows all of them and the peer's certificates. */
export function Security({ socket }: { readonly socket: SocketView }) {
  const isSecured = socket.transport === 'tls' || socket.transport === 'wss';
  if (!isSecured) return <span className={styles.agreed}>{socket.security}</span>;
  return (
    <PopoverButton
      small
      variant="ghost"
      title={strings.security.help}
      panelLabel={strings.security.title}
      panel={() => <Parameters socket={socket.id} />}
    >
      <Lock size={12} aria-hidden /> {socket.security}
    </PopoverButton>
  );
}

function Parameters({ socket }: { readonly socket: number }) {
  const services = useServices();
  const session = useLive((live) => recordingOf(live)?.id);
  const [event, setEvent] = useState<SocketEvent | 'none'>();
  useEffect(() => {
    if (session === undefined) return;
    let stale = false;
    void eventOf(services, session, socket, 'secured').then((found) => {
      if (!stale) setEvent(found ?? 'none');
    });
    return () => {
      stale = true;
    };
  }, [services, session, socket]);
  return (
    <div className={styles.agreement}>
      {event === undefined ? <p>{strings.security.loading}</p> : null}
      {event === 'none' ? <p>{strings.security.missing}</p> : null}
      {typeof event === 'object' && event.kind === 'secured' ? <SecurityFacts event={event} /> : null}
    </div>
  );
}

const { incomplete: incompleteWords } = strings;

/** Shows that a connection of an endpoint waits for the end of a message, with buttons to show its bytes and to change the framing. */
export function IncompleteNote({ view }: { readonly view: EndpointView }) {
  const services = useServices();
  const first = useLive((live) => overdueOf(live, view.id).first);
  const count = useLive((live) => overdueOf(live, view.id).count);
  if (!first?.incomplete) return null;
  const peer = view.config.role === 'server' ? `${shortAddress(first.peer)}: ` : '';
  const more = count > 1 ? incompleteWords.morePeers(count - 1) : '';
  return (
    <span className={styles.note}>
      <Hourglass size={12} aria-hidden />
      {`${peer}${incompleteText(first.incomplete, countText)}${more}`}
      <Button
        small
        variant="ghost"
        title={incompleteWords.showBytesHelp}
        onClick={() => showDialog(services.dialogs, { kind: 'waiting-bytes', socket: first.id })}
      >
        {incompleteWords.showBytes}
      </Button>
      <Button
        small
        variant="ghost"
        title={incompleteWords.changeFramingHelp}
        onClick={() => showDialog(services.dialogs, { kind: 'frame-socket', socket: first.id })}
      >
        {incompleteWords.changeFraming}
      </Button>
    </span>
  );
}

const { addPeer: addPeerWords } = strings;

/** A button with a form that adds a UDP peer which has not sent anything yet. */
export function AddPeer({ view }: { readonly view: EndpointView }) {
  return (
    <PopoverButton
      small
      variant="ghost"
      title={addPeerWords.help}
      align="end"
      panelLabel={addPeerWords.title}
      panel={(close) => <PeerForm view={view} onDone={close} />}
    >
      <UserPlus size={13} aria-hidden /> {addPeerWords.open}
    </PopoverButton>
  );
}

function PeerForm({ view, onDone }: { readonly view: EndpointView; readonly onDone: () => void }) {
  const services = useServices();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [host, setHost] = useState('127.0.0.1');
  const [port, setPort] = useState('');
  const [error, setError] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const add = async () => {
    const number = /^\d{1,5}$/.test(port.trim()) ? Number(port) : 0;
    if (number < 1 || number > 65_535) return setError(addPeerWords.portError);
    const added = await addPeer(services, view, host, number);
    if (added.ok) onDone();
    else setFailure(added.error);
  };
  return (
    <form
      className={styles.addPeer}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <div className={styles.addPeerFields}>
        <TextField label={addPeerWords.host} mono ref={first} value={host} onChange={setHost} />
        <TextField
          label={addPeerWords.port}
          mono
          inputMode="numeric"
          value={port}
          error={error}
          onChange={(value) => {
            setError('');
            setPort(value);
          }}
        />
      </div>
      <p className={styles.help}>{addPeerWords.note}</p>
      {failure ? <FailureBox failure={failure} /> : null}
      <Button type="submit" variant="primary">
        {addPeerWords.add}
      </Button>
    </form>
  );
}

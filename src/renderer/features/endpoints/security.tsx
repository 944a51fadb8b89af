import { Lock } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { SocketView } from '#shared/contract/models.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { recordingOf } from '../../client/live-store.ts';
import { eventOf } from '../../client/session-commands.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { SecurityFacts } from '../../ui/security-facts.tsx';
import styles from './address-bar.module.css';
import { strings } from './strings.ts';

/** The negotiated TLS and WebSocket parameters in short; for TLS, a button shows all of them and the peer's certificates. */
export function Security({ socket }: { readonly socket: SocketView }) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const isSecured = socket.transport === 'tls' || socket.transport === 'wss';
  if (!isSecured) return <span className={styles.agreed}>{socket.security}</span>;
  return (
    <>
      <Button
        ref={anchor}
        small
        variant="ghost"
        aria-haspopup="dialog"
        aria-expanded={open}
        title={strings.security.help}
        onClick={() => setOpen(true)}
      >
        <Lock size={12} aria-hidden /> {socket.security}
      </Button>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} label={strings.security.title}>
        <Parameters socket={socket.id} />
      </Popover>
    </>
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

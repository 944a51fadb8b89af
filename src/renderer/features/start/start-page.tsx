import { FolderOpen, Play, Plug, Repeat2 } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import { openFormTab } from '../../client/endpoint-commands.ts';
import { openSession } from '../../client/open-commands.ts';
import { runEchoDemo } from '../../client/start-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { LaunchCard } from './launch-card.tsx';
import styles from './start-page.module.css';

interface OfferProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}

function Offer({ icon, title, text, children }: OfferProps) {
  const id = useId();
  return (
    <section className={styles.card} aria-labelledby={id}>
      <h2 id={id} className={styles.cardTitle}>
        <span className={styles.icon}>{icon}</span>
        {title}
      </h2>
      <p className={styles.text}>{text}</p>
      <div className={styles.actions}>{children}</div>
    </section>
  );
}

/** What a newcomer sees first: what Wirebench is, four ways to begin, and below them the sessions recorded before. */
export function StartPage({ recent }: { readonly recent: ReactNode }) {
  const services = useServices();
  const [failure, setFailure] = useState<Failure>();
  const [running, setRunning] = useState(false);

  const demo = async () => {
    setRunning(true);
    setFailure(undefined);
    const result = await runEchoDemo(services);
    setRunning(false);
    if (!result.ok) setFailure(result.error);
  };

  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <header className={styles.header}>
          <h1 className={styles.title}>Wirebench</h1>
          <p className={styles.lead}>
            A workbench for raw sockets: launch a server or connect to one, send JSON, XML, text or bytes, and see every
            call and every message as it happens.
          </p>
        </header>
        <div className={styles.cards}>
          <LaunchCard icon={<Play size={16} aria-hidden />} />
          <Offer
            icon={<Plug size={16} aria-hidden />}
            title="Connect to a server"
            text="Open a TCP connection to a program, a device or a service, here or anywhere, and talk to it by hand."
          >
            <Button onClick={() => openFormTab(services, 'client')}>Connect to a server</Button>
          </Offer>
          <Offer
            icon={<Repeat2 size={16} aria-hidden />}
            title="Echo demo"
            text="One click: an echo server and a client on this machine. data.json goes there and back, and each socket call is shown."
          >
            <Button disabled={running} onClick={() => void demo()}>
              Try the echo demo
            </Button>
            {failure ? <FailureBox failure={failure} onDismiss={() => setFailure(undefined)} /> : null}
          </Offer>
          <Offer
            icon={<FolderOpen size={16} aria-hidden />}
            title="Saved session"
            text="Each run is recorded into one file. Open a saved one to read it again, or a capture (pcapng, pcap) or JSON lines."
          >
            <Button onClick={() => void openSession(services)}>Open a session</Button>
          </Offer>
        </div>
        {recent}
      </div>
    </div>
  );
}

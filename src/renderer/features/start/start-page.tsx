import { FolderOpen, Play, Plug, Repeat2 } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { localServer } from '#shared/endpoint/endpoint-config.ts';
import type { Failure } from '#shared/failure.ts';
import { openFormTab } from '../../state/endpoint-commands.ts';
import { useServices } from '../../state/services.ts';
import { openSession } from '../../state/sessions.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { TextField } from '../../ui/field.tsx';
import { launchLocalServer, runEchoDemo } from './start-commands.ts';
import styles from './start-page.module.css';

/** The UI strings of the start page. */
const strings = {
  title: 'Wirebench',
  lead: 'A workbench for raw sockets: launch a server or connect to one, send JSON, XML, text or bytes, and watch every socket call and message as it happens.',
  launch: {
    title: 'Local server',
    text: 'Listens on 127.0.0.1, reachable from this machine only, and answers each message with',
    reply: 'Message received!',
    port: 'Port',
    launch: 'Launch local server',
    freePort: (port: number) => `Use port ${port}`,
  },
  connect: {
    title: 'Connect to a server',
    text: 'Open a TCP connection to a program, a device or a service, local or remote, and send messages by hand.',
    connect: 'Connect to a server',
  },
  demo: {
    title: 'Echo demo',
    text: 'Starts an echo server and a client on this machine, sends data.json there and back, and shows every socket call.',
    run: 'Try the echo demo',
  },
  open: {
    title: 'Saved session',
    text: 'Open a recorded session or a capture (pcapng, pcap, JSON Lines).',
    open: 'Open a session',
  },
} as const;

const { launch: words } = strings;

/** Launches a local server. Its port can be changed first; if the port is in use, a free one is offered. */
function LaunchCard({ icon }: { readonly icon: ReactNode }) {
  const services = useServices();
  const titleId = useId();
  const [port, setPort] = useState(String(localServer.port));
  const [error, setError] = useState<string>();
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);

  const launch = async (on: string) => {
    setBusy(true);
    setError(undefined);
    setFailure(undefined);
    const problem = await launchLocalServer(services, on);
    setBusy(false);
    if (typeof problem === 'string') setError(problem);
    else setFailure(problem);
  };
  const freePort = failure?.freePort;

  return (
    <section className={styles.card} aria-labelledby={titleId}>
      <h2 id={titleId} className={styles.cardTitle}>
        <span className={styles.icon}>{icon}</span>
        {words.title}
      </h2>
      <p className={styles.text}>
        {words.text} <span className={styles.quote}>{words.reply}</span>
      </p>
      <form
        className={styles.actions}
        onSubmit={(event) => {
          event.preventDefault();
          void launch(port);
        }}
      >
        <div className={styles.address}>
          <span className={styles.host} aria-hidden>
            127.0.0.1 :
          </span>
          <TextField
            label={words.port}
            hideLabel
            mono
            className={styles.port}
            inputMode="numeric"
            value={port}
            error={error}
            onChange={(next) => {
              setPort(next);
              setError(undefined);
            }}
          />
          <Button variant="primary" type="submit" disabled={busy}>
            {words.launch}
          </Button>
        </div>
        {failure ? (
          <FailureBox failure={failure} onDismiss={() => setFailure(undefined)}>
            {freePort === undefined ? null : (
              <Button
                small
                onClick={() => {
                  setPort(String(freePort));
                  void launch(String(freePort));
                }}
              >
                {words.freePort(freePort)}
              </Button>
            )}
          </FailureBox>
        ) : null}
      </form>
    </section>
  );
}

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

interface StartPageProps {
  readonly recent: ReactNode;
  /** Sends the payload of a tab. */
  readonly sendPayload: (tab: string) => Promise<void>;
}

/** The start page: what Wirebench is, four ways to begin, and the recent sessions. */
export function StartPage({ recent, sendPayload }: StartPageProps) {
  const services = useServices();
  const [failure, setFailure] = useState<Failure>();
  const [running, setRunning] = useState(false);

  const demo = async () => {
    setRunning(true);
    setFailure(undefined);
    const result = await runEchoDemo(services, sendPayload);
    setRunning(false);
    if (!result.ok) setFailure(result.error);
  };

  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <header className={styles.header}>
          <h1 className={styles.title}>{strings.title}</h1>
          <p className={styles.lead}>{strings.lead}</p>
        </header>
        <div className={styles.cards}>
          <LaunchCard icon={<Play size={16} aria-hidden />} />
          <Offer icon={<Plug size={16} aria-hidden />} title={strings.connect.title} text={strings.connect.text}>
            <Button onClick={() => openFormTab(services, 'client')}>{strings.connect.connect}</Button>
          </Offer>
          <Offer icon={<Repeat2 size={16} aria-hidden />} title={strings.demo.title} text={strings.demo.text}>
            <Button disabled={running} onClick={() => void demo()}>
              {strings.demo.run}
            </Button>
            {failure ? <FailureBox failure={failure} onDismiss={() => setFailure(undefined)} /> : null}
          </Offer>
          <Offer icon={<FolderOpen size={16} aria-hidden />} title={strings.open.title} text={strings.open.text}>
            <Button onClick={() => void openSession(services)}>{strings.open.open}</Button>
          </Offer>
        </div>
        {recent}
      </div>
    </div>
  );
}

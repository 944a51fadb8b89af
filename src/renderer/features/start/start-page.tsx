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
import { strings } from './strings.ts';

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

/** The start page: what Wirebench is, four ways to begin, and the recent sessions. */
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

import { type ReactNode, useId, useState } from 'react';
import { localServer } from '#shared/endpoint/endpoint-config.ts';
import type { Failure } from '#shared/failure.ts';
import { launchLocalServer } from '../../client/start-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { TextField } from '../../ui/field.tsx';
import styles from './start-page.module.css';
import { strings } from './strings.ts';

const { launch: words } = strings;

/** Launches a local server. Its port can be changed first; if the port is in use, a free one is offered. */
export function LaunchCard({ icon }: { readonly icon: ReactNode }) {
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

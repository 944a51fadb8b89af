import { ShieldCheck } from 'lucide-react';
import type { EndpointView } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import { changeForm, isOpenState, openTabEndpoint } from '../../state/endpoint-commands.ts';
import { useServices } from '../../state/services.ts';
import { trustAndOpen } from '../../state/socket-commands.ts';
import { type EndpointTab, withEndpointTab } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import styles from './address-bar.module.css';
import { strings } from './strings.ts';

const { failure: words } = strings;

interface EndpointFailureProps {
  readonly tab: EndpointTab;
  readonly view: EndpointView | undefined;
}

/** Why an endpoint did not open or how it ended, with a solution if there is one: a free port, a certificate to trust. */
export function EndpointFailure({ tab, view }: EndpointFailureProps) {
  const services = useServices();
  // While it waits to reconnect, show why the last attempt failed.
  const isDown = !isOpenState(view) || view?.state === 'waiting';
  const failure = tab.failure ?? (isDown ? view?.error : undefined);
  if (!failure || tab.busy) return null;
  const { freePort, certificate } = failure;
  const dismiss = () => services.tabs.setState((state) => withEndpointTab(state, tab.id, { failure: undefined }));
  return (
    <FailureBox failure={failure} onDismiss={tab.failure && !view?.error ? dismiss : undefined}>
      {certificate ? <Untrusted tab={tab.id} certificate={certificate} /> : null}
      {freePort === undefined ? null : (
        <Button
          small
          onClick={() => {
            changeForm(services, tab.id, { port: String(freePort) });
            void openTabEndpoint(services, tab.id);
          }}
        >
          {words.freePort(freePort)}
        </Button>
      )}
    </FailureBox>
  );
}

interface UntrustedProps {
  readonly tab: string;
  readonly certificate: NonNullable<Failure['certificate']>;
}

/** A certificate that was not trusted, and a button to trust it. */
function Untrusted({ tab, certificate }: UntrustedProps) {
  const services = useServices();
  const { subject, issuer, fingerprint } = certificate;
  return (
    <div className={styles.certificate}>
      <dl className={styles.facts}>
        <dt>{words.subject}</dt>
        <dd>{subject}</dd>
        <dt>{words.issuer}</dt>
        <dd>{issuer}</dd>
        <dt>{words.fingerprint}</dt>
        <dd className={styles.fingerprint}>{fingerprint}</dd>
      </dl>
      <div className={styles.trust}>
        <Button small onClick={() => void trustAndOpen(services, tab, fingerprint)}>
          <ShieldCheck size={13} aria-hidden /> {words.trust}
        </Button>
        <span>{words.trustNote}</span>
      </div>
    </div>
  );
}

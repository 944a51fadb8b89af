import { ShieldCheck } from 'lucide-react';
import type { EndpointView } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import { changeForm, isOpenState, openTabEndpoint } from '../../client/endpoint-commands.ts';
import { trustAndOpen } from '../../client/live-commands.ts';
import { type EndpointTab, withEndpointTab } from '../../client/tabs-store.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import styles from './endpoint-failure.module.css';

interface EndpointFailureProps {
  readonly tab: EndpointTab;
  readonly view: EndpointView | undefined;
}

/** Why it did not open, or how it ended; with a way on where there is one: a free port, a certificate to trust. */
export function EndpointFailure({ tab, view }: EndpointFailureProps) {
  const services = useServices();
  // Between two attempts, why the last one failed is what one wants to know.
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
          Use port {freePort}
        </Button>
      )}
    </FailureBox>
  );
}

interface UntrustedProps {
  readonly tab: string;
  readonly certificate: NonNullable<Failure['certificate']>;
}

/** Whose certificate was not believed, and the offer to believe it from now on. */
function Untrusted({ tab, certificate }: UntrustedProps) {
  const services = useServices();
  const { subject, issuer, fingerprint } = certificate;
  return (
    <div className={styles.certificate}>
      <dl className={styles.facts}>
        <dt>Subject</dt>
        <dd>{subject}</dd>
        <dt>Issuer</dt>
        <dd>{issuer}</dd>
        <dt>SHA-256</dt>
        <dd className={styles.fingerprint}>{fingerprint}</dd>
      </dl>
      <div className={styles.trust}>
        <Button small onClick={() => void trustAndOpen(services, tab, fingerprint)}>
          <ShieldCheck size={13} aria-hidden /> Trust this certificate
        </Button>
        <span>
          Only for this endpoint: its fingerprint goes into the options. Compare it with what the server’s owner tells.
        </span>
      </div>
    </div>
  );
}

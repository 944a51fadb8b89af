import { Play, Plug, ShieldCheck, SlidersHorizontal, Square, Unplug } from 'lucide-react';
import { useRef, useState } from 'react';
import type { EndpointView } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import {
  applyPending,
  changeForm,
  closeTabEndpoint,
  isOpenState,
  openForm,
  openTabEndpoint,
} from '../../state/endpoint-commands.ts';
import type { EndpointForm, FormField } from '../../state/form-fields.ts';
import { useLive, useServices } from '../../state/services.ts';
import { trustAndOpen } from '../../state/socket-commands.ts';
import { type EndpointTab, withEndpointTab } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { Popover } from '../../ui/popover.tsx';
import styles from './address-bar.module.css';
import { AddressFields, addressFields, FramingSelect, summaryOf } from './address-fields.tsx';
import { EndpointState } from './endpoint-state.tsx';
import { OptionsPanel } from './options-panel.tsx';
import { DocumentBar, SaveButton } from './saved-parts.tsx';
import { strings } from './strings.ts';

const { addressBar: words } = strings;

/** The address of a server or client, the button that opens it, its options and its state. */
export function AddressBar({ tab }: { readonly tab: EndpointTab }) {
  const services = useServices();
  const view = useLive((live) => (tab.endpoint === undefined ? undefined : live.endpoints.get(tab.endpoint)));
  const optionsAnchor = useRef<HTMLButtonElement>(null);
  const [optionsOpen, setOptionsOpen] = useState(false);
  const isServer = tab.form.role === 'server';
  const isOpen = isOpenState(view) || (tab.busy && view?.state !== 'failed');
  // While it is open, show the engine's configuration, not the form's.
  const form = isOpen && view ? shownForm(view, tab) : tab.form;
  const wrong = (Object.keys(tab.errors) as FormField[]).filter((field) => !addressFields.has(field)).length;

  const submit = () => {
    if (isOpen) void closeTabEndpoint(services, tab.id);
    else void openTabEndpoint(services, tab.id);
  };

  const summary = summaryOf(form);
  const closeOptions = () => {
    setOptionsOpen(false);
    // Apply the text typed last.
    if (isOpen && Object.keys(tab.pending).length > 0) void applyPending(services, tab.id);
  };

  return (
    <section className={styles.bar} aria-label={words.label} data-part="endpoint">
      <form
        className={styles.line}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <span className={styles.role}>{isServer ? words.server : words.client}</span>
        <AddressFields tab={tab} form={form} isOpen={isOpen} />
        <OpenButton
          isServer={isServer}
          isOpen={isOpen}
          isUdp={form.transport === 'udp'}
          isWaiting={view?.state === 'waiting'}
        />
        <span className={styles.more}>
          <FramingSelect tab={tab} form={form} isOpen={isOpen} onMore={() => setOptionsOpen(true)} />
          <Button
            ref={optionsAnchor}
            variant={wrong > 0 ? 'danger' : 'ghost'}
            aria-expanded={optionsOpen}
            aria-haspopup="dialog"
            aria-label={wrong > 0 ? words.optionsWithErrors(wrong) : words.options}
            className={styles.options}
            onClick={() => setOptionsOpen(true)}
          >
            <SlidersHorizontal size={14} aria-hidden />
            {wrong > 0 ? (
              words.toCorrect(wrong)
            ) : (
              <>
                {words.options}
                {summary === '' ? null : <span className={styles.summary}>{summary}</span>}
              </>
            )}
          </Button>
          <SaveButton tab={tab} view={view} />
        </span>
      </form>
      <Popover
        open={optionsOpen}
        onClose={closeOptions}
        anchor={optionsAnchor}
        align="end"
        label={words.options}
        className={styles.panel}
      >
        <OptionsPanel tab={tab} form={form} isOpen={isOpen} />
      </Popover>
      <DocumentBar tab={tab} />
      <EndpointState tab={tab} view={view} />
      <EndpointFailure tab={tab} view={view} />
    </section>
  );
}

/** Returns the form of an open endpoint. For port 0 it has the port that the system assigned. */
function shownForm(view: EndpointView, tab: EndpointTab): EndpointForm {
  const form = openForm(view, tab);
  const isBound = view.state === 'listening' || view.state === 'bound';
  const port = isBound ? /:(\d+)$/.exec(view.address)?.[1] : undefined;
  return port === undefined ? form : { ...form, port };
}

interface OpenButtonProps {
  readonly isServer: boolean;
  readonly isOpen: boolean;
  readonly isUdp: boolean;
  readonly isWaiting: boolean;
}

function OpenButton({ isServer, isOpen, isUdp, isWaiting }: OpenButtonProps) {
  const size = 14;
  if (isServer) {
    return isOpen ? (
      <Button type="submit">
        <Square size={size} aria-hidden /> {words.stop}
      </Button>
    ) : (
      <Button type="submit" variant="primary" title={isUdp ? 'bind()' : 'bind(), listen(), accept()'}>
        <Play size={size} aria-hidden /> {words.launch}
      </Button>
    );
  }
  return isOpen ? (
    <Button type="submit">
      <Unplug size={size} aria-hidden /> {isWaiting ? words.stopReconnecting : words.disconnect}
    </Button>
  ) : (
    <Button type="submit" variant="primary" title="connect()">
      <Plug size={size} aria-hidden /> {words.connect}
    </Button>
  );
}

const { failure: failureWords } = strings;

interface EndpointFailureProps {
  readonly tab: EndpointTab;
  readonly view: EndpointView | undefined;
}

/** Why an endpoint did not open or how it ended, with a solution if there is one: a free port, a certificate to trust. */
function EndpointFailure({ tab, view }: EndpointFailureProps) {
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
          {failureWords.freePort(freePort)}
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
        <dt>{failureWords.subject}</dt>
        <dd>{subject}</dd>
        <dt>{failureWords.issuer}</dt>
        <dd>{issuer}</dd>
        <dt>{failureWords.fingerprint}</dt>
        <dd className={styles.fingerprint}>{fingerprint}</dd>
      </dl>
      <div className={styles.trust}>
        <Button small onClick={() => void trustAndOpen(services, tab, fingerprint)}>
          <ShieldCheck size={13} aria-hidden /> {failureWords.trust}
        </Button>
        <span>{failureWords.trustNote}</span>
      </div>
    </div>
  );
}

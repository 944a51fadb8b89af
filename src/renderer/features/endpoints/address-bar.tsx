import { Play, Plug, SlidersHorizontal, Square, Unplug } from 'lucide-react';
import { useRef, useState } from 'react';
import type { EndpointView } from '#shared/contract/models.ts';
import { changeForm, closeTabEndpoint, isOpenState, openTabEndpoint } from '../../client/endpoint-commands.ts';
import { type EndpointForm, formOf } from '../../client/endpoint-form.ts';
import type { EndpointTab } from '../../client/tabs-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';
import styles from './address-bar.module.css';
import { EndpointFailure } from './endpoint-failure.tsx';
import { EndpointState } from './endpoint-state.tsx';
import { OptionsForm } from './options-form.tsx';
import { summaryOf } from './summary.ts';

/** Where a server listens or a client connects to, the button that does it, and how it is now. */
export function AddressBar({ tab }: { readonly tab: EndpointTab }) {
  const services = useServices();
  const view = useLive((live) => (tab.endpoint === undefined ? undefined : live.endpoints.get(tab.endpoint)));
  const optionsAnchor = useRef<HTMLButtonElement>(null);
  const [optionsOpen, setOptionsOpen] = useState(false);
  const isServer = tab.form.role === 'server';
  const isOpen = isOpenState(view) || (tab.busy && view?.state !== 'failed');
  // While it is open, what is true is what the engine has, not what the form says.
  const form = isOpen && view ? shownForm(view) : tab.form;
  const optionError = Object.keys(tab.errors).some((field) => field !== 'host' && field !== 'port');

  const submit = () => {
    if (isOpen) void closeTabEndpoint(services, tab.id);
    else void openTabEndpoint(services, tab.id);
  };
  const closeOptions = () => setOptionsOpen(false);

  return (
    <section className={styles.bar} aria-label="Address">
      <form
        className={styles.line}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <span className={styles.transport}>TCP {tab.form.role}</span>
        <TextField
          label="Host"
          hideLabel
          mono
          className={styles.host}
          data-focus="host"
          placeholder="host"
          value={form.host}
          readOnly={isOpen}
          error={tab.errors.host}
          onChange={(host) => changeForm(services, tab.id, { host })}
        />
        <TextField
          label="Port"
          hideLabel
          mono
          className={styles.port}
          inputMode="numeric"
          placeholder="port"
          value={form.port}
          readOnly={isOpen}
          error={tab.errors.port}
          onChange={(port) => changeForm(services, tab.id, { port })}
        />
        <OpenButton isServer={isServer} isOpen={isOpen} />
        <Button
          ref={optionsAnchor}
          variant={optionError ? 'danger' : 'ghost'}
          aria-expanded={optionsOpen}
          aria-haspopup="dialog"
          aria-label="Options"
          className={styles.options}
          onClick={() => setOptionsOpen(true)}
        >
          <SlidersHorizontal size={14} aria-hidden />
          <span className={styles.summary}>{summaryOf(form)}</span>
        </Button>
      </form>
      <Popover
        open={optionsOpen}
        onClose={closeOptions}
        anchor={optionsAnchor}
        label="Options"
        className={styles.panel}
      >
        <OptionsForm tab={tab} form={form} readOnly={isOpen} />
      </Popover>
      <EndpointState view={view} role={tab.form.role} />
      <EndpointFailure tab={tab} view={view} />
    </section>
  );
}

/** The form of an open endpoint; a server on port 0 shows the port that the system gave it. */
function shownForm(view: EndpointView): EndpointForm {
  const form = formOf(view.config);
  const bound = view.state === 'listening' ? /:(\d+)$/.exec(view.address)?.[1] : undefined;
  return bound === undefined ? form : { ...form, port: bound };
}

function OpenButton({ isServer, isOpen }: { readonly isServer: boolean; readonly isOpen: boolean }) {
  const size = 14;
  if (isServer) {
    return isOpen ? (
      <Button type="submit">
        <Square size={size} aria-hidden /> Stop
      </Button>
    ) : (
      <Button type="submit" variant="primary">
        <Play size={size} aria-hidden /> Launch
      </Button>
    );
  }
  return isOpen ? (
    <Button type="submit">
      <Unplug size={size} aria-hidden /> Disconnect
    </Button>
  ) : (
    <Button type="submit" variant="primary">
      <Plug size={size} aria-hidden /> Connect
    </Button>
  );
}

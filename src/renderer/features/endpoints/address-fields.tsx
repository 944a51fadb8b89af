import { type RefObject, useEffect, useRef } from 'react';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { changeForm } from '../../client/endpoint-commands.ts';
import type { EndpointForm, FormErrors, FormField } from '../../client/form-fields.ts';
import { type EndpointTab, withEndpointTab } from '../../client/tabs-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import styles from './address-bar.module.css';
import { strings } from './strings.ts';
import { transportChoices } from './summary.ts';

interface AddressFieldsProps {
  readonly tab: EndpointTab;
  readonly form: EndpointForm;
  readonly isOpen: boolean;
}

const { addressBar: words } = strings;

/** The fields of the address bar; errors in other fields are shown in the options. */
export const addressFields: ReadonlySet<FormField> = new Set(['transport', 'host', 'port', 'path', 'ws.path']);

/** The transport and the address: host and port or a path, and the path of a WebSocket request. */
export function AddressFields({ tab, form, isOpen }: AddressFieldsProps) {
  const services = useServices();
  const { errors, id, wantsFocus } = tab;
  const address = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!wantsFocus) return;
    address.current?.focus();
    address.current?.select();
    services.tabs.setState((state) => withEndpointTab(state, id, { wantsFocus: false }));
  }, [services, id, wantsFocus]);
  const change = (next: Partial<EndpointForm>) => changeForm(services, id, next);
  const fields = { address, form, errors, isOpen, change };
  const isWebSocket = form.transport === 'ws' || form.transport === 'wss';
  return (
    <>
      <SelectField
        label={words.transport}
        hideLabel
        className={styles.transport}
        value={form.transport}
        options={transportChoices}
        disabled={isOpen}
        onChange={(transport) => change({ transport })}
      />
      {abilitiesOf(form.transport).host ? <HostAndPort {...fields} /> : <LocalPath {...fields} />}
      {isWebSocket ? (
        <TextField
          label={words.webSocketPath}
          hideLabel
          mono
          className={styles.wsPath}
          placeholder="/"
          value={form['ws.path']}
          readOnly={isOpen}
          error={errors['ws.path']}
          onChange={(path) => change({ 'ws.path': path })}
        />
      ) : null}
    </>
  );
}

interface AddressProps {
  /** The field that takes the focus. */
  readonly address: RefObject<HTMLInputElement | null>;
  readonly form: EndpointForm;
  readonly errors: FormErrors;
  readonly isOpen: boolean;
  readonly change: (next: Partial<EndpointForm>) => void;
}

function HostAndPort({ address, form, errors, isOpen, change }: AddressProps) {
  return (
    <>
      <TextField
        ref={address}
        label={words.host}
        hideLabel
        mono
        className={styles.host}
        data-focus="host"
        placeholder={words.hostPlaceholder}
        value={form.host}
        readOnly={isOpen}
        error={errors.host}
        onChange={(host) => change({ host })}
      />
      <TextField
        label={words.port}
        hideLabel
        mono
        className={styles.port}
        inputMode="numeric"
        placeholder={words.portPlaceholder}
        value={form.port}
        readOnly={isOpen}
        error={errors.port}
        onChange={(port) => change({ port })}
      />
    </>
  );
}

function LocalPath({ address, form, errors, isOpen, change }: AddressProps) {
  const platform = useLive((live) => live.app?.platform);
  return (
    <TextField
      ref={address}
      label={words.path}
      hideLabel
      mono
      className={styles.path}
      data-focus="host"
      placeholder={platform === 'win32' ? '\\\\.\\pipe\\wirebench' : '/tmp/wirebench.sock'}
      value={form.path}
      readOnly={isOpen}
      error={errors.path}
      onChange={(path) => change({ path })}
    />
  );
}

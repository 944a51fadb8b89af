import { useEffect, useRef } from 'react';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { changeForm } from '../../client/endpoint-commands.ts';
import type { EndpointForm, FormField } from '../../client/form-fields.ts';
import { type EndpointTab, withEndpointTab } from '../../client/tabs-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import styles from './address-bar.module.css';
import { transportChoices } from './summary.ts';

interface AddressFieldsProps {
  readonly tab: EndpointTab;
  readonly form: EndpointForm;
  readonly isOpen: boolean;
}

/** The fields that stand in the address bar; an error in another one is in the options. */
export const addressFields: ReadonlySet<FormField> = new Set(['transport', 'host', 'port', 'path', 'ws.path']);

/** What carries the bytes, and where: a host and a port, a path, and what a WebSocket asks for there. */
export function AddressFields({ tab, form, isOpen }: AddressFieldsProps) {
  const services = useServices();
  const platform = useLive((live) => live.app?.platform);
  const { errors, id, wantsFocus } = tab;
  const address = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!wantsFocus) return;
    address.current?.focus();
    address.current?.select();
    services.tabs.setState((state) => withEndpointTab(state, id, { wantsFocus: false }));
  }, [services, id, wantsFocus]);
  const change = (next: Partial<EndpointForm>) => changeForm(services, tab.id, next);
  const { host } = abilitiesOf(form.transport);
  const isWebSocket = form.transport === 'ws' || form.transport === 'wss';
  return (
    <>
      <SelectField
        label="Transport"
        hideLabel
        className={styles.transport}
        value={form.transport}
        options={transportChoices}
        disabled={isOpen}
        onChange={(transport) => change({ transport })}
      />
      {host ? (
        <>
          <TextField
            ref={address}
            label="Host"
            hideLabel
            mono
            className={styles.host}
            data-focus="host"
            placeholder="host"
            value={form.host}
            readOnly={isOpen}
            error={errors.host}
            onChange={(value) => change({ host: value })}
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
            error={errors.port}
            onChange={(port) => change({ port })}
          />
        </>
      ) : (
        <TextField
          ref={address}
          label="Path"
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
      )}
      {isWebSocket ? (
        <TextField
          label="WebSocket path"
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

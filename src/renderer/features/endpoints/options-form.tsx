import { changeForm } from '../../client/endpoint-commands.ts';
import type { EndpointForm } from '../../client/endpoint-form.ts';
import type { EndpointTab } from '../../client/tabs-store.ts';
import { useServices } from '../../client/use-services.ts';
import { CheckField, SelectField, TextField } from '../../ui/field.tsx';
import styles from './options-form.module.css';
import { ServerOptions } from './server-options.tsx';

interface OptionsFormProps {
  readonly tab: EndpointTab;
  readonly form: EndpointForm;
  readonly readOnly: boolean;
}

const framings = [
  { value: 'raw', label: 'Raw: each read is a message' },
  { value: 'lf', label: 'Lines ending in LF' },
  { value: 'crlf', label: 'Lines ending in CRLF' },
  { value: 'delimiter', label: 'Another delimiter, in hex' },
  { value: 'json', label: 'JSON values' },
] as const;

/** Everything about an endpoint beside its address, each with a line on what it is. */
export function OptionsForm({ tab, form, readOnly }: OptionsFormProps) {
  const services = useServices();
  const change = (next: Partial<EndpointForm>) => changeForm(services, tab.id, next);
  const { errors } = tab;
  const isServer = form.role === 'server';
  return (
    <div className={styles.form}>
      {readOnly ? (
        <p className={styles.locked}>{isServer ? 'Stop the server to change these.' : 'Disconnect to change these.'}</p>
      ) : null}
      <fieldset className={styles.fields} disabled={readOnly}>
        <TextField label="Name" value={form.name} error={errors.name} onChange={(name) => change({ name })} />
        <SelectField
          label="Framing"
          value={form.framing}
          options={framings}
          help="TCP is a stream of bytes without borders: send() twice may be one recv(). Framing is the rule that cuts messages out of it."
          onChange={(framing) => change({ framing })}
        />
        {form.framing === 'delimiter' ? (
          <TextField
            label="Delimiter"
            mono
            value={form.delimiter}
            error={errors.delimiter}
            help="1 to 32 bytes in hex, for example 03 or 0d0a0d0a."
            onChange={(delimiter) => change({ delimiter })}
          />
        ) : null}
        {isServer ? <ServerOptions form={form} errors={errors} change={change} /> : null}
        <CheckField
          label="Keep our side open after the peer’s FIN"
          help="When recv() returns an empty bytes object the peer has finished sending. We may still send until we close()."
          checked={form.halfOpen}
          onChange={(halfOpen) => change({ halfOpen })}
        />
        {isServer ? null : (
          <>
            <div className={styles.pair}>
              <TextField
                label="Local address"
                mono
                placeholder="any"
                value={form.localHost}
                error={errors.localHost}
                onChange={(localHost) => change({ localHost })}
              />
              <TextField
                label="Local port"
                mono
                value={form.localPort}
                error={errors.localPort}
                onChange={(localPort) => change({ localPort })}
              />
              <p className={styles.help}>What to bind() before connect(). Empty and 0 let the system choose.</p>
            </div>
            <TextField
              label="Connect timeout (ms)"
              mono
              value={form.connectTimeoutMs}
              error={errors.connectTimeoutMs}
              help="How long each address may take to answer connect()."
              onChange={(connectTimeoutMs) => change({ connectTimeoutMs })}
            />
          </>
        )}
        <details className={styles.limits}>
          <summary>Limits</summary>
          <TextField
            label="Longest message (bytes)"
            mono
            value={form.maxMessage}
            error={errors.maxMessage}
            help="A longer one is cut here, and its record says so."
            onChange={(maxMessage) => change({ maxMessage })}
          />
          <TextField
            label="Bytes waiting to be sent"
            mono
            value={form.maxQueued}
            error={errors.maxQueued}
            help="send() may take less than it is given when the network buffer is full; the rest waits here."
            onChange={(maxQueued) => change({ maxQueued })}
          />
          {isServer ? (
            <TextField
              label="Connections at once"
              mono
              value={form.maxConnections}
              error={errors.maxConnections}
              help="Each accept() returns a new socket; above this many, new ones are refused."
              onChange={(maxConnections) => change({ maxConnections })}
            />
          ) : null}
        </details>
      </fieldset>
    </div>
  );
}

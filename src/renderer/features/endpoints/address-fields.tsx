import { type RefObject, useEffect, useRef } from 'react';
import { explain } from '#shared/rules/actions/catalogue.ts';
import { abilitiesOf, usesTls } from '#shared/socket/transports.ts';
import { applyPending, changeForm } from '../../state/endpoint-commands.ts';
import { behaviourOf } from '../../state/endpoint-form.ts';
import type { EndpointForm, FormErrors, FormField } from '../../state/form-fields.ts';
import {
  type FramingChoice,
  type FramingForm,
  framingItems,
  framingParameters,
  framingWords,
  wordsOf,
} from '../../state/framing-form.ts';
import { useLive, useServices } from '../../state/services.ts';
import { type EndpointTab, withEndpointTab } from '../../state/tabs.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import { SearchButton } from '../../ui/search-list.tsx';
import styles from './address-bar.module.css';
import { strings } from './strings.ts';

/** Returns the most important options for the button that opens them; may be empty. */
export function summaryOf(form: EndpointForm): string {
  const words: string[] = [];
  if (form.role === 'server') words.push(explain(behaviourOf(form)));
  else if (usesTls(form.transport) && !form['tls.verify']) words.push(strings.summary.unverified);
  if (form.transport === 'udp' && form['udp.group'] !== '') words.push(strings.summary.group(form['udp.group']));
  if (form.role === 'client' && form['reconnect.kind'] !== 'off') words.push(strings.summary.reconnects);
  return words.join(' · ');
}

const transportChoices: readonly { readonly value: EndpointForm['transport']; readonly label: string }[] = [
  { value: 'tcp', label: strings.transports.tcp },
  { value: 'tls', label: strings.transports.tls },
  { value: 'udp', label: strings.transports.udp },
  { value: 'local', label: strings.transports.local },
  { value: 'ws', label: strings.transports.ws },
  { value: 'wss', label: strings.transports.wss },
];

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

interface FramingSelectProps {
  readonly tab: EndpointTab;
  readonly form: EndpointForm;
  readonly isOpen: boolean;
  /** Called when a framing with parameters was selected. */
  readonly onMore: () => void;
}

const choices = framingWords.map(({ choice, short, common }) => ({
  value: choice,
  label: short,
  group: common ? strings.framing.common : strings.framing.more,
}));

/** Selects the framing. If the endpoint is open, the change is applied immediately. */
export function FramingSelect({ tab, form, isOpen, onMore }: FramingSelectProps) {
  const services = useServices();
  if (abilitiesOf(form.transport).messageOriented) {
    const note = form.transport === 'udp' ? strings.framing.datagrams : strings.framing.messages;
    return <span className={styles.noFraming}>{note}</span>;
  }
  const select = (change: Partial<FramingForm>) => {
    if (isOpen) void applyPending(services, tab.id, change);
    else changeForm(services, tab.id, change);
  };
  return (
    <>
      <SelectField
        label={strings.framing.label}
        hideLabel
        className={styles.framing}
        title={wordsOf(form.framing).help}
        value={form.framing}
        options={choices}
        onChange={(framing) => {
          select({ framing });
          if (hasParameters(framing)) onMore();
        }}
      />
      <SearchButton
        label={strings.framing.search}
        items={framingItems}
        onSelect={({ id, change }) => {
          select(change);
          if (id === change.framing && hasParameters(id)) onMore();
        }}
      />
    </>
  );
}

/** Returns true for a framing with parameters. */
function hasParameters(framing: FramingChoice): boolean {
  return framingParameters[framing].some((field) => field !== 'framing.keep');
}

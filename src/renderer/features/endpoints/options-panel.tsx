import { Search } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { SystemOption } from '#shared/contract/models.ts';
import type { Transport } from '#shared/socket/transports.ts';
import { showDialog } from '../../state/dialogs.ts';
import { applyPending, changeForm } from '../../state/endpoint-commands.ts';
import type { EndpointForm, FormField } from '../../state/form-fields.ts';
import { wordsOf } from '../../state/framing-form.ts';
import { elsewhere, type FormOption, formOptions, shownOptions } from '../../state/options.ts';
import { useServices } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import fieldStyles from '../../ui/field.module.css';
import { OptionRow } from './option-row.tsx';
import styles from './options-panel.module.css';
import { strings } from './strings.ts';

interface OptionSearch {
  readonly settable: ReadonlySet<string>;
  readonly transport: Transport;
  readonly search: string;
}

/** Returns the system's socket options for a transport that are not in the form and match `search`. */
export function unsettableOptions(
  options: readonly SystemOption[],
  { settable, transport, search }: OptionSearch,
): SystemOption[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(({ name, value, unavailable, over }) => {
    if (settable.has(name) || over?.includes(transport) === false) return false;
    const text = `${strings.options.notConfigurable} ${name} ${value} ${unavailable}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Options that cannot be set in Wirebench, with their values and the reason. */
function Unsettable({ options }: { readonly options: readonly SystemOption[] }) {
  const title = useId();
  if (options.length === 0) return null;
  return (
    <section className={styles.group} aria-labelledby={title}>
      <h3 id={title} className={styles.title}>
        {strings.options.notConfigurable}
      </h3>
      <dl className={styles.facts}>
        {options.map(({ name, value, unavailable }) => (
          <div key={name} className={styles.fact}>
            <dt>{name}</dt>
            <dd>
              {value}
              {unavailable === '' ? null : <span className={styles.unavailable}>{unavailable}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const none: readonly SystemOption[] = [];

/** Creates the place of the answer: it is queried once, as a system's options do not change while it runs. */
function createKnownOptions(): { options?: readonly SystemOption[] } {
  return {};
}

/** Returns the socket options of the engine's system; empty until they are loaded, or if they are not available. */
function useSystemOptions(): readonly SystemOption[] {
  const { client, own } = useServices();
  const known = own(createKnownOptions);
  const [options, setOptions] = useState(known.options ?? none);
  useEffect(() => {
    if (known.options) return;
    let stale = false;
    void client.call('system.options', {}).then((answer) => {
      if (!answer.ok) return;
      known.options = answer.value.options;
      if (!stale) setOptions(answer.value.options);
    });
    return () => {
      stale = true;
    };
  }, [client, known]);
  return options;
}

interface OptionsPanelProps {
  readonly tab: EndpointTab;
  readonly form: EndpointForm;
  readonly isOpen: boolean;
}

const settable: ReadonlySet<string> = new Set(formOptions.map(({ field }) => field));

const { options: words } = strings;

/** The options of an endpoint in groups, with a search. */
export function OptionsPanel({ tab, form, isOpen }: OptionsPanelProps) {
  const services = useServices();
  const [search, setSearch] = useState('');
  const titles = useId();
  const field = useRef<HTMLInputElement>(null);
  // In an effect: a hidden field cannot take the focus.
  useEffect(() => field.current?.focus(), []);
  const system = useSystemOptions();
  const systemByName = useMemo(() => new Map(system.map((option) => [option.name, option])), [system]);
  const groups = shownOptions(form, search);
  // If the endpoint is open, a selection is applied immediately, and text when its field loses the focus.
  const change = (field: FormField, value: string | boolean, isWhole: boolean) => {
    if (isOpen && isWhole) void applyPending(services, tab.id, { [field]: value });
    else changeForm(services, tab.id, { [field]: value });
  };
  const apply = () => {
    if (isOpen && Object.keys(tab.pending).length > 0) void applyPending(services, tab.id);
  };
  const helpOf = (option: FormOption) =>
    option.field === 'framing' && form.framing !== 'raw' ? wordsOf(form.framing).help : option.help;
  const unsettable = unsettableOptions(system, { settable, transport: form.transport, search });
  return (
    <div className={styles.panel}>
      <div className={styles.search}>
        <Search size={14} aria-hidden />
        <input
          type="search"
          className={fieldStyles.input}
          aria-label={words.search}
          placeholder={words.searchPlaceholder}
          ref={field}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Button small onClick={() => showDialog(services.dialogs, { kind: 'generate-code', tab: tab.id })}>
          {words.generateCode}
        </Button>
      </div>
      {isOpen ? (
        <p className={styles.locked}>{form.role === 'server' ? words.lockedServer : words.lockedClient}</p>
      ) : null}
      {groups.map(({ group, options }) => (
        <section key={group} className={styles.group} aria-labelledby={`${titles}-${group}`}>
          <h3 id={`${titles}-${group}`} className={styles.title}>
            {group}
          </h3>
          {options.map((option) => (
            <OptionRow
              key={option.field}
              option={option}
              help={helpOf(option)}
              value={form[option.field]}
              isSet={option.setField !== undefined && form[option.setField] === true}
              error={tab.errors[option.field]}
              locked={isOpen && !option.changeable}
              system={systemByName.get(option.field)}
              onDone={apply}
              onClear={() => option.setField && change(option.setField, false, true)}
              onChange={(value) => change(option.field, value, isWhole(option, value))}
            />
          ))}
        </section>
      ))}
      <Unsettable options={unsettable} />
      {groups.length === 0 && unsettable.length === 0 ? <NoMatch form={form} search={search} system={system} /> : null}
    </div>
  );
}

/** Returns true if a change is complete: it is not text, and needs no file to be selected. */
function isWhole({ kind }: FormOption, value: string | boolean): boolean {
  return kind === 'check' || kind === 'choice' || kind === 'file' || (kind === 'payload' && value !== '');
}

interface NoMatchProps {
  readonly form: EndpointForm;
  readonly search: string;
  readonly system: readonly SystemOption[];
}

function NoMatch({ form, search, system }: NoMatchProps) {
  const other = elsewhere(form, search);
  const word = search.trim().toLowerCase();
  const known = other
    ? words.inGroup(other.label, other.group)
    : system.find((one) => one.name.toLowerCase() === word)?.name;
  return (
    <p className={styles.nothing} role="status">
      {known ? words.notApplicable(known, form.role) : words.noMatch(search.trim())}
    </p>
  );
}

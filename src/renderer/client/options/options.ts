import { abilitiesOf } from '#shared/socket/transports.ts';
import type { EndpointForm, FormField } from '../form-fields.ts';
import { connectionOptions } from './connection-options.ts';
import { lastingOptions } from './lasting-options.ts';
import { messageOptions } from './message-options.ts';
import { type FormOption, type OptionGroup, optionGroups } from './option.ts';
import { tlsOptions } from './tls-options.ts';
import { udpOptions } from './udp-options.ts';

/** Every option of an endpoint beside its transport and address, once. */
export const formOptions: readonly FormOption[] = [
  ...messageOptions,
  ...connectionOptions,
  ...tlsOptions,
  ...udpOptions,
  ...lastingOptions,
];

const byField = new Map(formOptions.map((option) => [option.field, option]));

/** True where `field` means something for the role, the transport and the other choices of `form`. */
export function appliesTo(form: EndpointForm, field: FormField): boolean {
  const { host } = abilitiesOf(form.transport);
  if (field === 'path') return !host;
  if (field === 'host' || field === 'port') return host;
  return byField.get(field)?.applies(form) ?? true;
}

/** Options of one group, as they are shown. */
interface ShownGroup {
  readonly group: OptionGroup;
  readonly options: readonly FormOption[];
}

/** The options that apply to `form` and have every word of `search` in their label, help, choices or names. */
export function shownOptions(form: EndpointForm, search: string): ShownGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (option: FormOption) => {
    const choices = option.choices?.map(({ label }) => label).join(' ') ?? '';
    const text = [option.group, option.label, option.help, choices, option.field, option.words ?? ''].join(' ');
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
  const shown = formOptions.filter((option) => option.applies(form) && matches(option));
  return optionGroups
    .map((group) => ({ group, options: shown.filter((option) => option.group === group) }))
    .filter(({ options }) => options.length > 0);
}

/** An option that does not apply here but is what `search` asks for: on which transports it would. */
export function elsewhere(form: EndpointForm, search: string): FormOption | undefined {
  const word = search.trim().toLowerCase();
  if (word === '') return undefined;
  return formOptions.find(
    (option) =>
      !option.applies(form) && [option.label, option.field, option.words ?? ''].join(' ').toLowerCase().includes(word),
  );
}

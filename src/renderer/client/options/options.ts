import { type OptionList, optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { type EndpointOption, type OptionGroup, optionGroups } from '#shared/endpoint/options/option.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { EndpointForm, FormField } from '../form-fields.ts';
import { framingWords } from '../framing-words.ts';
import { behaviourChoices, replyOptions } from './behaviour-options.ts';
import { framingOptions } from './framing-options.ts';
import type { FormOption } from './option.ts';

/** Returns the options of a catalogue as the form shows them. What other parts of the window show is left out. */
export function createFormOptions(catalogue: OptionList): readonly FormOption[] {
  return catalogue.flatMap((option) => {
    const shown = formOptionOf(option);
    if (!shown) return [];
    if (option.path === 'framing') return [shown, ...framingOptions];
    return option.path === 'behaviour' ? [shown, ...replyOptions] : [shown];
  });
}

function formOptionOf({ row, ...option }: EndpointOption): FormOption | undefined {
  if (!row) return undefined;
  const { path, label, transports, roles, changeable, schema } = option;
  const { when } = row;
  const isWanted = (form: EndpointForm) => {
    if (!when) return true;
    const value = form[when.path as FormField];
    return (when.is?.includes(value) ?? true) && !(when.not?.includes(value) ?? false);
  };
  return {
    field: path as FormField,
    group: row.group,
    label,
    help: row.help,
    kind: row.control ?? kindOf(schema),
    choices: choicesOf(schema),
    applies: (form) => roles.includes(form.role) && transports.includes(form.transport) && isWanted(form),
    changeable: changeable ?? false,
    aliases: row.aliases ?? '',
    setField: row.setPath as FormField | undefined,
    placeholder: row.placeholder,
  };
}

function kindOf(schema: EndpointOption['schema']): FormOption['kind'] {
  switch (schema.type) {
    case 'flag':
      return 'check';
    case 'whole':
      return 'number';
    case 'text':
      return schema.file === true ? 'file' : 'text';
    case 'list':
      return schema.separator === 'lines' ? 'area' : 'text';
    case 'choice':
    case 'framing':
    case 'behaviour':
      return 'choice';
  }
}

function choicesOf(schema: EndpointOption['schema']): FormOption['choices'] {
  if (schema.type === 'choice') return schema.choices;
  if (schema.type === 'framing') return framingWords.map(({ choice, label }) => ({ value: choice, label }));
  return schema.type === 'behaviour' ? behaviourChoices : undefined;
}

/** Every option of an endpoint beside its transport and address, once for each role that has its own. */
export const formOptions = createFormOptions(optionCatalogue);

/** True where `field` means something for the role, the transport and the other choices of `form`. */
export function appliesTo(form: EndpointForm, field: FormField): boolean {
  const { host } = abilitiesOf(form.transport);
  if (field === 'path') return !host;
  if (field === 'host' || field === 'port') return host;
  const options = formOptions.filter((option) => option.field === field);
  return options.length === 0 || options.some((option) => option.applies(form));
}

/** Options of one group, as they are shown. */
interface ShownGroup {
  readonly group: OptionGroup;
  readonly options: readonly FormOption[];
}

/** The options that apply to `form` and have every word of `search` in their label, help, choices or names. */
export function shownOptions(form: EndpointForm, search: string, all = formOptions): ShownGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (option: FormOption) => {
    const choices = option.choices?.map(({ label }) => label).join(' ') ?? '';
    const text = [option.group, option.label, option.help, choices, option.field, option.aliases].join(' ');
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
  const shown = all.filter((option) => option.applies(form) && matches(option));
  return optionGroups
    .map((group) => ({ group, options: shown.filter((option) => option.group === group) }))
    .filter(({ options }) => options.length > 0);
}

/** An option that `search` means and that does not apply to `form`. */
export function elsewhere(form: EndpointForm, search: string): FormOption | undefined {
  const word = search.trim().toLowerCase();
  if (word === '') return undefined;
  return formOptions.find(
    (option) =>
      !option.applies(form) && [option.label, option.field, option.aliases].join(' ').toLowerCase().includes(word),
  );
}

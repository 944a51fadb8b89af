import { type OptionList, optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { type EndpointOption, type OptionGroup, optionGroups } from '#shared/endpoint/options/option.ts';
import { type FramingKind, framings } from '#shared/framing/catalogue.ts';
import type { FramingValue } from '#shared/framing/framing.ts';
import { type Action, actionKinds } from '#shared/rules/actions/catalogue.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { EndpointForm, FormField } from './form-fields.ts';
import { framingParameters, framingWords, parameterOf } from './framing-form.ts';

/** One option as the form shows it: data, drawn by one component. */
export interface FormOption {
  /** Its path in the configuration: also its name in what the system says of options. */
  readonly field: FormField;
  readonly group: OptionGroup;
  readonly label: string;
  /** One sentence that a newcomer understands. */
  readonly help: string;
  /**
   * `area`: text of several lines; `exact`: text that is sent as it is, with its line ends; `file`: a file that is
   * selected; `payload`: a sample, or such a file.
   */
  readonly kind: 'text' | 'number' | 'check' | 'choice' | 'area' | 'exact' | 'file' | 'payload' | 'secret';
  readonly choices?: readonly { readonly value: string; readonly label: string }[] | undefined;
  readonly applies: (form: EndpointForm) => boolean;
  /** May change while the endpoint is open. */
  readonly changeable: boolean;
  /** Other names, to be found by: `SO_KEEPALIVE`. */
  readonly aliases: string;
  /** Of a `secret`: the field that says that one is set. */
  readonly setField?: FormField | undefined;
  /** Shown where nothing is typed: what applies then. */
  readonly placeholder?: string | undefined;
}

/** The behaviours, as the form names them. */
const behaviourChoices: readonly { readonly value: Action['kind']; readonly label: string }[] = actionKinds.map(
  ({ kind, label }) => ({ value: kind, label }),
);

/** What a behaviour replies with. */
const replyOptions: readonly FormOption[] = actionKinds.flatMap(({ kind, value }): FormOption[] => {
  if (!value) return [];
  const { name, label, help, input, aliases } = value;
  return [
    {
      field: `behaviour.${name}` as FormField,
      group: 'Server',
      label,
      help,
      kind: input,
      applies: ({ role, behaviour }) => role === 'server' && behaviour === kind,
      changeable: true,
      aliases,
    },
  ];
});

/** Returns true for an endpoint whose transport carries a stream, which has to be framed. */
const isStream = ({ transport }: EndpointForm) => !abilitiesOf(transport).messageOriented;

// Fields that several kinds share are where the kind with the most values has them.
const mostValuesFirst = framings.toSorted((a, b) => Object.keys(b.values).length - Object.keys(a.values).length);

/** The values of all framings, one option for each field of the form. */
const framingOptions: readonly FormOption[] = [
  ...new Map(
    mostValuesFirst.flatMap(({ kind, values }) =>
      Object.entries(values).map(([name, value]): [string, FormOption] => [
        parameterOf(kind, name),
        optionOf(kind, name, value),
      ]),
    ),
  ).values(),
];

function optionOf(kind: FramingKind, name: string, value: FramingValue): FormOption {
  const field = parameterOf(kind, name);
  const { label, help, search, unset } = value.words;
  return {
    field,
    group: 'Messages and framing',
    label,
    help,
    kind: fieldKind(value),
    ...(value.type === 'choice' ? { choices: framingChoicesOf(value) } : {}),
    aliases: search ?? '',
    ...(unset === undefined ? {} : { placeholder: unset }),
    applies: (form) => isStream(form) && framingParameters[form.framing].includes(field),
    changeable: true,
  };
}

/** A field for numbers cannot be empty, so an optional number is text. */
function fieldKind(value: FramingValue): FormOption['kind'] {
  if (value.type === 'flag') return 'check';
  if (value.type === 'choice') return 'choice';
  return value.type === 'whole' && !value.optional ? 'number' : 'text';
}

function framingChoicesOf({ of, labels = {} }: FramingValue & { readonly type: 'choice' }) {
  return of.map((choice) => ({ value: String(choice), label: labels[choice] ?? String(choice) }));
}

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

import { type FramingKind, framings } from '#shared/framing/catalogue.ts';
import type { FramingValue } from '#shared/framing/framing.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { EndpointForm } from '../form-fields.ts';
import { framingParameters, parameterOf } from '../framing-form.ts';
import type { FormOption } from './option.ts';

/** Returns true for an endpoint whose transport carries a stream, which has to be framed. */
const isStream = ({ transport }: EndpointForm) => !abilitiesOf(transport).messageOriented;

// Fields that several kinds share are where the kind with the most values has them.
const mostValuesFirst = framings.toSorted((a, b) => Object.keys(b.values).length - Object.keys(a.values).length);

/** The values of all framings, one option for each field of the form. */
export const framingOptions: readonly FormOption[] = [
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
    ...(value.type === 'choice' ? { choices: choicesOf(value) } : {}),
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

function choicesOf({ of, labels = {} }: FramingValue & { readonly type: 'choice' }) {
  return of.map((choice) => ({ value: String(choice), label: labels[choice] ?? String(choice) }));
}

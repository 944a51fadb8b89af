import { type Action, actionKinds } from '#shared/rules/actions/catalogue.ts';
import type { FormField } from '../form-fields.ts';
import type { FormOption } from './option.ts';

/** The behaviours, as the form names them. */
export const behaviourChoices: readonly { readonly value: Action['kind']; readonly label: string }[] = actionKinds.map(
  ({ kind, label }) => ({ value: kind, label }),
);

/** What a behaviour replies with. */
export const replyOptions: readonly FormOption[] = actionKinds.flatMap(({ kind, value }): FormOption[] => {
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

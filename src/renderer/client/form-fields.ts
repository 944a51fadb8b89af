import { optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import type { EndpointOption } from '#shared/endpoint/options/option.ts';
import type { Action } from '#shared/rules/actions/catalogue.ts';
import type { Transport } from '#shared/socket/transports.ts';
import type { FramingForm } from './framing-form.ts';

type KnownOption = (typeof optionCatalogue)[number];
/** Options with several fields, which are read on their own. */
type Composed = 'framing' | 'behaviour';
/** An option that has one field, called by its path: one name for the form, errors, and what the system says. */
export type PlainField = Exclude<KnownOption['path'], Composed>;
type PlainValues = {
  readonly [One in KnownOption as Exclude<One['path'], Composed>]: One['default'] extends boolean ? boolean : string;
};

type KeyOf<One> = One extends unknown ? keyof One : never;
/** The texts of actions, such as `behaviour.text`. */
export type ActionValues = { readonly [Field in Exclude<KeyOf<Action>, 'kind'> as `behaviour.${Field}`]: string };

/** The form of an endpoint: its values as typed, valid or not. */
export interface EndpointForm extends PlainValues, FramingForm, ActionValues {
  readonly role: 'server' | 'client';
  readonly transport: Transport;
  readonly behaviour: Action['kind'];
}

export type FormField = keyof EndpointForm;
export type FormErrors = Readonly<Partial<Record<FormField, string>>>;

/** The options that have one field. */
export const plainOptions: readonly EndpointOption[] = optionCatalogue.filter(
  ({ path }) => path !== 'framing' && path !== 'behaviour',
);

import type { Behaviour } from '#shared/endpoint/options/behaviour.ts';
import { optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import type { EndpointOption } from '#shared/endpoint/options/option.ts';
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

/** The form of an endpoint: its values as typed, valid or not. */
export interface EndpointForm extends PlainValues, FramingForm {
  readonly role: 'server' | 'client';
  readonly transport: Transport;
  readonly behaviour: Behaviour['kind'];
  readonly 'behaviour.text': string;
  readonly 'behaviour.path': string;
}

export type FormField = keyof EndpointForm;
export type FormErrors = Readonly<Partial<Record<FormField, string>>>;

/** The options that have one field. */
export const plainOptions: readonly EndpointOption[] = optionCatalogue.filter(
  ({ path }) => path !== 'framing' && path !== 'behaviour',
);

import { optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import type { EndpointOption } from '#shared/endpoint/options/option.ts';
import { hideHeader, hideTarget } from '#shared/endpoint/secret-values.ts';
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

/** The fields of a form that contain secrets, or say that one is set. */
type Secrets = Pick<EndpointForm, 'tls.passphrase' | 'tls.passphraseSet' | 'ws.headers' | 'ws.path'>;

/** Returns the secret fields of `form`. */
export function secretsOf(form: EndpointForm): Secrets {
  return {
    'tls.passphrase': form['tls.passphrase'],
    'tls.passphraseSet': form['tls.passphraseSet'],
    'ws.headers': form['ws.headers'],
    'ws.path': form['ws.path'],
  };
}

/** Returns `form` without the secrets typed in it. Flags and placeholders for secrets that the engine has are kept. */
export function withoutTyped(form: EndpointForm): EndpointForm {
  const headers = form['ws.headers'].split('\n').map(hideHeader).join('\n');
  // A host has no user name or password; if they were typed here, they may be real.
  const host = form.host.slice(form.host.lastIndexOf('@') + 1);
  return { ...form, host, 'tls.passphrase': '', 'ws.headers': headers, 'ws.path': hideTarget(form['ws.path']) };
}

/**
 * Returns `form` without secrets, typed or set, for an endpoint that no longer exists. The placeholders of a request's
 * secrets are kept, so that opening it reports which ones to type again and no request is sent without them.
 */
export function withoutSecrets(form: EndpointForm): EndpointForm {
  return { ...withoutTyped(form), 'tls.passphraseSet': false };
}

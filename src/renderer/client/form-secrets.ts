import type { EndpointForm } from './form-fields.ts';

/** What a form says of secrets. */
type Secrets = Pick<EndpointForm, 'tls.passphrase' | 'tls.passphraseSet'>;

/** Returns what `form` says of secrets. */
export function secretsOf(form: EndpointForm): Secrets {
  return { 'tls.passphrase': form['tls.passphrase'], 'tls.passphraseSet': form['tls.passphraseSet'] };
}

/** Returns `form` without the secrets that were typed in it; that the engine has one stays. */
export function withoutTyped(form: EndpointForm): EndpointForm {
  return { ...form, 'tls.passphrase': '' };
}

/** Returns `form` with no secret, typed or set: the endpoint that had it is gone. */
export function withoutSecrets(form: EndpointForm): EndpointForm {
  return { ...form, 'tls.passphrase': '', 'tls.passphraseSet': false };
}

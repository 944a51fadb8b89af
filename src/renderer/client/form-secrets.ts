import { hideHeader, hideTarget } from '#shared/endpoint/secret-values.ts';
import type { EndpointForm } from './form-fields.ts';

/** What a form says of secrets. */
type Secrets = Pick<EndpointForm, 'tls.passphrase' | 'tls.passphraseSet' | 'ws.headers' | 'ws.path'>;

/** Returns what `form` says of secrets. */
export function secretsOf(form: EndpointForm): Secrets {
  return {
    'tls.passphrase': form['tls.passphrase'],
    'tls.passphraseSet': form['tls.passphraseSet'],
    'ws.headers': form['ws.headers'],
    'ws.path': form['ws.path'],
  };
}

/** Returns `form` without the secrets that were typed in it; that the engine has one, or a mark for it, stays. */
export function withoutTyped(form: EndpointForm): EndpointForm {
  const headers = form['ws.headers'].split('\n').map(hideHeader).join('\n');
  // A host has no user name and password: the form says so, and they may be real.
  const host = form.host.slice(form.host.lastIndexOf('@') + 1);
  return { ...form, host, 'tls.passphrase': '', 'ws.headers': headers, 'ws.path': hideTarget(form['ws.path']) };
}

/**
 * Returns `form` with no secret, typed or set: the endpoint that had it is gone. The marks of a request's secrets stay, so
 * that opening it fails with what has to be typed again, and no request goes out without it.
 */
export function withoutSecrets(form: EndpointForm): EndpointForm {
  return { ...withoutTyped(form), 'tls.passphraseSet': false };
}

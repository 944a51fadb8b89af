import { hideHeader, hideTarget } from '#shared/endpoint/secret-values.ts';
import type { EndpointForm } from './form-fields.ts';

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

import { type Failure, fail, type Result } from '../failure.ts';
import type { EndpointConfig } from './endpoint-config.ts';
import { hideHeader, hideTarget, restoreHeaders, restoreTarget, unknownSecrets } from './upgrade-request.ts';

/*
 * Secrets of an endpoint go in and never come back: a view says only that one is set, and a configuration that was read
 * from a view gets its secret back from the endpoint that it changes.
 */

/** Returns `config` as views show it: whether a passphrase is set, and marks in place of a request's secrets. */
export function withoutSecrets(config: EndpointConfig): EndpointConfig {
  let shown: EndpointConfig = config;
  if ('tls' in shown) {
    const { tls } = shown;
    shown = { ...shown, tls: { ...tls, passphrase: '', passphraseSet: tls.passphrase !== '' } } as EndpointConfig;
  }
  if (!('ws' in shown)) return shown;
  const ws = { ...shown.ws, path: hideTarget(shown.ws.path) };
  return { ...shown, ws: 'headers' in ws ? { ...ws, headers: ws.headers.map(hideHeader) } : ws } as EndpointConfig;
}

/**
 * Returns `config` with the secrets that it keeps of `before`, the configuration it replaces: an empty passphrase that is
 * said to be set is the one of before, and a mark stands for the secret of the same name and length. Where there is no
 * passphrase, nothing is set; a mark without its secret stays (`missingSecrets`).
 */
export function withSecrets(config: EndpointConfig, before?: EndpointConfig): EndpointConfig {
  let whole: EndpointConfig = config;
  if ('tls' in whole) {
    const { tls } = whole;
    const earlier = tls.passphraseSet && before && 'tls' in before ? before.tls.passphrase : '';
    const passphrase = tls.passphrase === '' ? earlier : tls.passphrase;
    whole = { ...whole, tls: { ...tls, passphrase, passphraseSet: passphrase !== '' } } as EndpointConfig;
  }
  if (!('ws' in whole)) return whole;
  const known = before && 'ws' in before ? before.ws : undefined;
  const ws = { ...whole.ws, path: restoreTarget(whole.ws.path, known?.path ?? '') };
  const headers = restoreHeaders(headersIn(ws), known ? headersIn(known) : []);
  return { ...whole, ws: 'headers' in ws ? { ...ws, headers } : ws } as EndpointConfig;
}

function headersIn(ws: object): readonly string[] {
  return 'headers' in ws ? (ws.headers as readonly string[]) : [];
}

/** Returns the failure of a configuration in which marks stand for secrets that nobody knows; `undefined` without any. */
export function missingSecrets(config: EndpointConfig): Failure | undefined {
  if (!('ws' in config)) return undefined;
  const names = unknownSecrets(headersIn(config.ws), config.ws.path);
  if (names.length === 0) return undefined;
  const failed: Result<never> = fail('bad-input', `The value of ${names.join(' and ')} is not known`, {
    system: 'secret values are never sent back to the window, and this endpoint has none of this name and length',
    hint: 'Type the value again under WebSocket in the options.',
  });
  return failed.ok ? undefined : failed.error;
}

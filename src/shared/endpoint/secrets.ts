import { type Failure, fail, type Result } from '../failure.ts';
import type { EndpointConfig } from './endpoint-config.ts';
import { hideHeader, hideTarget, restoreHeaders, restoreTarget, unknownSecrets } from './secret-values.ts';

/*
 * Secrets of an endpoint go in and never come back: a view says only that one is set, and a configuration that was read
 * from a view gets its secret back from the endpoint that it changes.
 */

/** Returns `config` as views show it: whether a passphrase is set, and marks in place of a request's secrets. */
export function withoutSecrets(config: EndpointConfig): EndpointConfig {
  const { tls, ws } = config;
  return {
    ...config,
    tls: { ...tls, passphrase: '', passphraseSet: tls.passphrase !== '' },
    ws: { ...ws, path: hideTarget(ws.path), headers: ws.headers.map(hideHeader) },
  };
}

/**
 * Returns `config` with the secrets that it keeps of `before`, the configuration it replaces: an empty passphrase that is
 * said to be set is the one of before, and a mark stands for the secret of the same name and length. Where there is no
 * passphrase, nothing is set; a mark without its secret stays (`missingSecrets`).
 */
export function withSecrets(config: EndpointConfig, before?: EndpointConfig): EndpointConfig {
  const { tls, ws } = config;
  const kept = tls.passphraseSet ? (before?.tls.passphrase ?? '') : '';
  const passphrase = tls.passphrase === '' ? kept : tls.passphrase;
  const path = restoreTarget(ws.path, before?.ws.path ?? '');
  const headers = restoreHeaders(ws.headers, before?.ws.headers ?? []);
  return { ...config, tls: { ...tls, passphrase, passphraseSet: passphrase !== '' }, ws: { ...ws, path, headers } };
}

/** Returns the failure of a configuration in which marks stand for secrets that nobody knows; `undefined` without any. */
export function missingSecrets({ ws }: EndpointConfig): Failure | undefined {
  const names = unknownSecrets(ws.headers, ws.path);
  if (names.length === 0) return undefined;
  const failed: Result<never> = fail('bad-input', `The value of ${names.join(' and ')} is not known`, {
    system: 'secret values are never sent back to the window, and this endpoint has none of this name and length',
    hint: 'Type the value again under WebSocket in the options.',
  });
  return failed.ok ? undefined : failed.error;
}

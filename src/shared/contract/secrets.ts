import type { EndpointConfig } from './endpoint-config.ts';

/*
 * Secrets of an endpoint go in and never come back: a view says only that one is set, and a configuration that was read
 * from a view gets its secret back from the endpoint that it changes.
 */

/** Returns `config` as views show it: whether a passphrase is set, and not which. */
export function withoutSecrets(config: EndpointConfig): EndpointConfig {
  const { tls } = config;
  return { ...config, tls: { ...tls, passphrase: '', passphraseSet: tls.passphrase !== '' } };
}

/**
 * Returns `config` with the secrets that it keeps of `before`, the configuration it replaces: an empty passphrase that is
 * said to be set is the one of before. Where there is none, nothing is set.
 */
export function withSecrets(config: EndpointConfig, before?: EndpointConfig): EndpointConfig {
  const { tls } = config;
  const kept = tls.passphraseSet ? (before?.tls.passphrase ?? '') : '';
  const passphrase = tls.passphrase === '' ? kept : tls.passphrase;
  return { ...config, tls: { ...tls, passphrase, passphraseSet: passphrase !== '' } };
}

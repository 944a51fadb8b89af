import { describe, expect, test } from 'vitest';
import { defaultClient, type EndpointConfig } from '#shared/contract/endpoint-config.ts';
import { withoutSecrets, withSecrets } from '#shared/contract/secrets.ts';

const { tls } = defaultClient;
const config = (part: Partial<EndpointConfig['tls']>): EndpointConfig => ({
  ...defaultClient,
  tls: { ...tls, ...part },
});

describe('the passphrase of an endpoint', () => {
  test('is not in its view, which says only that there is one', () => {
    expect(withoutSecrets(config({ passphrase: 'open sesame' }))).toEqual(config({ passphraseSet: true }));
    expect(withoutSecrets(config({}))).toEqual(config({}));
  });

  test.each([
    ['stays where an update says only that it is set', { passphraseSet: true }, 'old'],
    ['is replaced by another one', { passphrase: 'new', passphraseSet: true }, 'new'],
    ['is cleared where it is said not to be set', { passphraseSet: false }, ''],
  ])('%s', (_what, part, passphrase) => {
    const before = config({ passphrase: 'old', passphraseSet: true });
    expect(withSecrets(config(part), before)).toEqual(config({ passphrase, passphraseSet: passphrase !== '' }));
  });

  test('is not set where nothing was before, whatever is said', () => {
    expect(withSecrets(config({ passphraseSet: true }))).toEqual(config({}));
  });
});

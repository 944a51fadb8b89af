import { describe, expect, test } from 'vitest';
import { createConfig, defaultClient, type EndpointConfig, type TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import { endpointConfigSchema } from '#shared/endpoint/endpoint-schema.ts';
import { missingSecrets, withoutSecrets, withSecrets } from '#shared/endpoint/secrets.ts';

const config = (tls: Partial<TlsOptions>): EndpointConfig => createConfig('client', 'tls', { tls });

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

describe('the secrets of a WebSocket request', () => {
  const withRequest = (headers: string[], path = '/'): EndpointConfig =>
    createConfig('client', 'ws', { ws: { headers, path } });
  const before = withRequest(['Authorization: Bearer abc', 'X-Shown: 1'], '/chat?room=1&token=abc');

  test('are marks in its view, which is a configuration that an update may have', () => {
    const view = withoutSecrets(before);
    expect(view).toEqual(
      withRequest(['Authorization: •••• (10 characters)', 'X-Shown: 1'], '/chat?room=1&token=•••• (3 characters)'),
    );
    expect(endpointConfigSchema.safeParse(view)).toMatchObject({ success: true });
    expect(withSecrets(view, before)).toEqual(before);
    expect(missingSecrets(withSecrets(view, before))).toBeUndefined();
  });

  test('that are as long as they may be are marks that fit, too', () => {
    const long = withRequest([`X-Key-${'k'.repeat(4_087)}: 1`], `/?${'token=a&'.repeat(255)}`);
    expect(endpointConfigSchema.safeParse(long)).toMatchObject({ success: true });
    const view = withoutSecrets(long);
    expect(endpointConfigSchema.safeParse(view)).toMatchObject({ success: true });
    expect(withSecrets(view, long)).toEqual(long);
  });

  test('that nobody knows are a failure that names them', () => {
    expect(missingSecrets(withSecrets(withoutSecrets(before)))).toMatchObject({
      code: 'bad-input',
      message: 'The value of Authorization and token is not known',
    });
  });

  test('are no part of a host', () => {
    const parsed = endpointConfigSchema.safeParse({ ...defaultClient, host: 'me:password@example.org' });
    expect(parsed.error?.issues).toMatchObject([{ path: ['host'], message: expect.stringContaining('user name') }]);
  });
});

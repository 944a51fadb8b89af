import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tcpDriver } from '#engine/drivers/drivers.ts';
import { createConfig, type TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import { CertificateFolder } from '#support/certificates.ts';
import { connect, RecordedListener } from '#support/streams.ts';
import { meet, tlsDriver, tlsOptions } from '#support/tls.ts';

describe('Files that are wrong', () => {
  interface Wrong {
    readonly what: string;
    readonly parts: (folder: CertificateFolder) => Promise<Partial<TlsOptions>>;
    readonly errno: string;
    readonly text: RegExp;
  }
  const leafOf = (folder: CertificateFolder) => folder.leaf();
  const locked = (folder: CertificateFolder, key: string) => {
    const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' } as const;
    return folder.file('locked.pem', String(createPrivateKey(readFileSync(key)).export(options)));
  };
  const cases: readonly Wrong[] = [
    {
      what: 'a certificate that is not there',
      parts: async (folder) => ({ ...(await leafOf(folder)), certificate: join(folder.path, 'none.pem') }),
      errno: 'ENOENT',
      text: /^the certificate .*none\.pem could not be read: no such file or folder$/,
    },
    {
      what: 'a folder as key',
      parts: async (folder) => ({ ...(await leafOf(folder)), key: folder.path }),
      errno: 'EISDIR',
      text: /^the key .* is a folder$/,
    },
    {
      what: 'a certificate that is not PEM',
      parts: async (folder) => ({ ...(await leafOf(folder)), certificate: folder.file('a.txt', 'hello') }),
      errno: 'ERR_OSSL_PEM_NO_START_LINE',
      text: /^the certificate .*a\.txt contains no certificate: it is not PEM$/,
    },
    {
      what: 'the key and the certificate mixed up',
      parts: async (folder) => {
        const { certificate, key } = await leafOf(folder);
        return { certificate: key, key: certificate };
      },
      errno: 'ERR_OSSL_PEM_NO_START_LINE',
      text: /contains no certificate: it contains a private key$/,
    },
    {
      what: 'a damaged certificate',
      parts: async (folder) => ({
        ...(await leafOf(folder)),
        certificate: folder.file('d.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
      }),
      errno: 'ERR_OSSL_',
      text: /^the certificate .*d\.pem is not usable: the certificate in it is damaged$/,
    },
    {
      what: 'the key of another certificate',
      parts: async (folder) => ({ ...(await leafOf(folder)), key: (await leafOf(folder)).key }),
      errno: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
      text: /^the key .* does not belong to the certificate /,
    },
    {
      what: 'a key without its passphrase',
      parts: async (folder) => {
        const { certificate, key } = await leafOf(folder);
        return { certificate, key: locked(folder, key) };
      },
      errno: 'ERR_',
      text: /^the key .*locked\.pem cannot be read: it needs a passphrase$/,
    },
    {
      what: 'a wrong passphrase',
      parts: async (folder) => {
        const { certificate, key } = await leafOf(folder);
        return { certificate, key: locked(folder, key), passphrase: 'wrong' };
      },
      errno: 'ERR_OSSL_',
      text: /^the key .*locked\.pem cannot be read: the passphrase is wrong$/,
    },
    {
      what: 'a CA file without certificates',
      parts: async (folder) => ({ ca: folder.file('ca.pem', '') }),
      errno: 'ERR_OSSL_PEM_NO_START_LINE',
      text: /^the CA file .*ca\.pem contains no certificate/,
    },
  ];

  test.each(cases)('let neither a server launch nor a client connect: $what', async ({ parts, errno, text }) => {
    using folder = new CertificateFolder();
    const { certificate = '', key = '', ca = '', passphrase = '' } = await parts(folder);
    const tls = tlsOptions({ certificate, key, ca, passphrase });
    const launch = await RecordedListener.try(tlsDriver, { tls });
    expect(launch).toMatchObject({
      call: 'open',
      errno: expect.stringContaining(errno),
      text: expect.stringMatching(text),
    });

    // The client fails before it connects; what was made wrong between that and the handshake is reported as well.
    expect(await tlsDriver.prepare?.(createConfig('client', 'tls', { tls }))).toMatchObject({
      call: 'open',
      errno: expect.stringContaining(errno),
      text: expect.stringMatching(text),
    });
    await using server = await RecordedListener.open(tcpDriver);
    const client = await connect(tlsDriver, { port: server.port, tls });
    expect(await client.refusal()).toMatchObject({
      call: 'open',
      errno: expect.stringContaining(errno),
      text: expect.stringMatching(text),
    });
  });

  test('do not hold up one that is put right: the passphrase opens the key', async () => {
    using folder = new CertificateFolder();
    const { certificate, key, fingerprint } = await leafOf(folder);
    const tls = tlsOptions({ certificate, key: locked(folder, key), passphrase: 'right' });
    await using server = await RecordedListener.open(tlsDriver, { tls });
    const { client, accepted } = await meet(server, { trusted: [fingerprint] });
    const [seen] = await Promise.all([client.secure(), accepted.secure()]);
    expect(seen.trust).toMatch(/^trusted by its fingerprint/);
  });
});

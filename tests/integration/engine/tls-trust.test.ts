import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { CallFailure } from '#engine/failures.ts';
import { CertificateFolder, type Leaf, type LeafOptions } from '#support/certificates.ts';
import { RecordedListener, type RecordedStream } from '#support/streams.ts';
import { meet, tlsDriver, tlsOptions } from '#support/tls.ts';

const fingerprintForm = /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/;

function serverOf({ certificate, key }: Leaf, parts = {}): Promise<RecordedListener> {
  return RecordedListener.open(tlsDriver, { tls: tlsOptions({ certificate, key, ...parts }) });
}

/**
 * The failure by which a client hears that it is refused. In TLS 1.3 its own handshake is done before the server has seen
 * its certificate, or that there is none (RFC 8446, section 4.4.2.4): it hears of it later.
 */
async function heardRefusal(
  client: RecordedStream,
  shaken: Awaited<ReturnType<RecordedStream['shake']>>,
  version: 'TLSv1.2' | 'TLSv1.3',
): Promise<CallFailure> {
  if (version === 'TLSv1.2') {
    if (!('errno' in shaken)) throw new Error('the handshake was done');
    return shaken;
  }
  expect(shaken).not.toHaveProperty('errno');
  client.attach();
  await client.until('closed');
  if (!client.failure) throw new Error('the client heard of no failure');
  return client.failure;
}

describe('A client', () => {
  test('trusts a server whose certificate an authority of its CA file signed, and shows the chain', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const middle = await folder.authority('Middle', root);
    await using server = await serverOf(await folder.leaf({ issuer: middle, chain: [middle] }));
    const { client, accepted } = await meet(server, { ca: root.file });
    const [seen] = await Promise.all([client.secure(), accepted.secure()]);
    expect(seen.trust).toBe('trusted: issued by CN=Middle (the CA file)');
    expect(seen.chain.map(({ subject }) => subject)).toEqual(['CN=leaf', 'CN=Middle', 'CN=Root']);
    expect(seen.chain.map(({ issuer }) => issuer)).toEqual(['CN=Middle', 'CN=Root', 'CN=Root']);
    for (const { fingerprint } of seen.chain) expect(fingerprint).toMatch(fingerprintForm);
    expect(seen.chain[0]?.validTo).toBeGreaterThan(Date.now());
  });

  const cases: readonly {
    what: string;
    leaf: LeafOptions;
    signed: 'self' | 'known' | 'unknown';
    errno: string;
    text: string | RegExp;
  }[] = [
    {
      what: 'is self-signed',
      leaf: {},
      signed: 'self',
      errno: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      text: 'the certificate is self-signed (CN=leaf), not signed by any trusted CA',
    },
    {
      what: 'has expired',
      leaf: { fromDay: -3, toDay: -2 },
      signed: 'known',
      errno: 'CERT_HAS_EXPIRED',
      text: /^the certificate expired on \d{4}-\d\d-\d\d \d\d:\d\d UTC$/,
    },
    {
      what: 'is not valid yet',
      leaf: { fromDay: 1, toDay: 2 },
      signed: 'known',
      errno: 'CERT_NOT_YET_VALID',
      text: /^the certificate is not valid before \d{4}-\d\d-\d\d \d\d:\d\d UTC$/,
    },
    {
      what: 'is for another name',
      leaf: { names: ['example.com', '192.0.2.1'] },
      signed: 'known',
      errno: 'ERR_TLS_CERT_ALTNAME_INVALID',
      text: 'the certificate is for example.com, 192.0.2.1, not for 127.0.0.1',
    },
    {
      what: 'comes from an authority it does not know',
      leaf: {},
      signed: 'unknown',
      errno: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      text: 'the certificate was issued by CN=Stranger; the certificate of CN=Stranger is not in the CA file, and the peer did not send it',
    },
    {
      what: 'is a client’s',
      leaf: { usage: 'client' },
      signed: 'known',
      errno: 'INVALID_PURPOSE',
      text: 'the certificate is not for this side of a TLS connection (extended key usage)',
    },
    {
      what: 'is unknown, out of date and for another name',
      leaf: { fromDay: -3, toDay: -2, names: ['example.com'] },
      signed: 'unknown',
      errno: 'CERT_HAS_EXPIRED',
      text: /^the certificate expired on [^;]+; the certificate is for [^;]+, not for 127\.0\.0\.1; .* by CN=Stranger/,
    },
  ];

  test.each(cases)(
    'refuses a certificate that $what, unless it is set as trusted',
    async ({ leaf, signed, errno, text }) => {
      using folder = new CertificateFolder();
      const known = await folder.authority('Known');
      const stranger = await folder.authority('Stranger');
      const issuer = signed === 'self' ? {} : { issuer: signed === 'known' ? known : stranger };
      const made = await folder.leaf({ ...leaf, ...issuer });
      await using server = await serverOf(made);

      const refusing = await meet(server, { ca: known.file });
      const [refusal] = await Promise.all([refusing.client.refusal(), refusing.accepted.shake()]);
      const words = typeof text === 'string' ? text : expect.stringMatching(text);
      expect(refusal).toMatchObject({ call: 'handshake', errno, text: words });
      expect(refusal.certificate).toMatchObject({ subject: 'CN=leaf', fingerprint: made.fingerprint });

      const trusting = await meet(server, { ca: known.file, trusted: [made.fingerprint] });
      const [trusted] = await Promise.all([trusting.client.secure(), (await server.accepted(1)).secure()]);
      expect(trusted.trust).toMatch(/^trusted by its fingerprint, although the certificate /);

      const careless = await meet(server, { ca: known.file, verify: false });
      const [unchecked] = await Promise.all([careless.client.secure(), (await server.accepted(2)).secure()]);
      expect(unchecked.trust).toMatch(/^not verified; the certificate /);
    },
  );

  test('checks the server name that is set instead of the host', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    await using server = await serverOf(await folder.leaf({ issuer: root, names: ['device.example'] }));
    const { client, accepted } = await meet(server, { ca: root.file, serverName: 'device.example.' });
    const [seen, shown] = await Promise.all([client.secure(), accepted.secure()]);
    expect(seen.serverName).toBe('device.example');
    expect(shown.serverName).toBe('device.example');
  });

  test('sends no server name for an address, and still checks it', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    await using server = await serverOf(await folder.leaf({ issuer: root, names: ['127.0.0.1'] }));
    const { client, accepted } = await meet(server, { ca: root.file });
    const [seen, shown] = await Promise.all([client.secure(), accepted.secure()]);
    expect([seen.serverName, shown.serverName]).toEqual(['', '']);
    expect(seen.trust).toMatch(/^trusted: /);
  });

  test('trusts what is signed by one of the system’s authorities', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const before = tls.getCACertificates('default');
    tls.setDefaultCACertificates([...before, root.pem]);
    try {
      await using server = await serverOf(await folder.leaf({ issuer: root }));
      // Clients with the same files share a context with the authorities of its time: this one has a certificate that no other has.
      const { certificate, key } = await folder.leaf({ usage: 'client' });
      const { client, accepted } = await meet(server, { certificate, key });
      const [seen] = await Promise.all([client.secure(), accepted.secure()]);
      expect(seen.trust).toBe('trusted: issued by CN=Root (the system’s trust store)');
    } finally {
      tls.setDefaultCACertificates(before);
    }
  });

  test('shows a name with a comma in it as one name', async () => {
    using folder = new CertificateFolder();
    const odd = 'example.com, DNS:localhost';
    await using server = await serverOf(await folder.leaf({ names: ['a.example', odd, '"', 'b.example'] }));
    const { client, accepted } = await meet(server, {}, { host: 'localhost' });
    const [refusal] = await Promise.all([client.refusal(), accepted.shake()]);
    expect(refusal.certificate?.names).toEqual(['a.example', odd, '"', 'b.example']);
    expect(refusal.text).toContain('not for localhost');
  });

  test('cuts the list of a certificate with very many names', async () => {
    using folder = new CertificateFolder();
    const names = Array.from({ length: 500 }, (_, index) => `${index}.example`);
    await using server = await serverOf(await folder.leaf({ names }));
    const { client, accepted } = await meet(server, {}, { host: 'localhost' });
    const [refusal] = await Promise.all([client.refusal(), accepted.shake()]);
    expect(refusal.certificate?.names).toHaveLength(101);
    expect(refusal.certificate?.names.at(-1)).toBe('…');
  });

  test('does not trust a private certificate without the system’s authorities knowing it', async () => {
    await using server = await RecordedListener.open(tlsDriver, { transport: 'tls' });
    const { client, accepted } = await meet(server, {});
    const [refusal] = await Promise.all([client.refusal(), accepted.shake()]);
    expect(refusal.errno).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(refusal.text).toContain('not signed by any trusted CA');
  });
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('A server of %s', (maxVersion) => {
  test('shows the certificate of a client that has one, and requests none where that is not set', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const own = await folder.leaf({ issuer: root });
    const { certificate, key } = await folder.leaf({ issuer: root, usage: 'client', subject: 'sensor' });
    for (const clientCertificate of ['require', 'request'] as const) {
      await using server = await serverOf(own, { ca: root.file, clientCertificate, maxVersion });
      const { client, accepted } = await meet(server, { ca: root.file, certificate, key });
      const [, shown] = await Promise.all([client.secure(), accepted.secure()]);
      expect(shown.trust).toBe('trusted: issued by CN=Root (the CA file)');
      expect(shown.chain.map(({ subject }) => subject)).toEqual(['CN=sensor', 'CN=Root']);
    }
    await using server = await serverOf(own, { ca: root.file, clientCertificate: 'none', maxVersion });
    const { client, accepted } = await meet(server, { ca: root.file, certificate, key });
    const [, shown] = await Promise.all([client.secure(), accepted.secure()]);
    expect(shown.chain).toEqual([]);
  });

  test('that requests a certificate lets in who has none or a bad one, and says so', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const bad = await folder.leaf({ usage: 'client', subject: 'stranger' });
    await using server = await serverOf(await folder.leaf({ issuer: root }), {
      ca: root.file,
      clientCertificate: 'request',
      maxVersion,
    });
    const none = await meet(server, { ca: root.file });
    const [, without] = await Promise.all([none.client.secure(), none.accepted.secure()]);
    expect(without.trust).toBe('the client sent no certificate');
    const { certificate, key } = bad;
    const { client } = await meet(server, { ca: root.file, certificate, key });
    const [, shown] = await Promise.all([client.secure(), (await server.accepted(1)).secure()]);
    expect(shown.trust).toMatch(/^not trusted, but accepted because none is required; the certificate is self-signed/);
    expect(shown.chain[0]?.subject).toBe('CN=stranger');
  });

  test('that requires a certificate refuses a client without one by an alert', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    await using server = await serverOf(await folder.leaf({ issuer: root }), {
      ca: root.file,
      clientCertificate: 'require',
      maxVersion,
    });
    const { client, accepted } = await meet(server, { ca: root.file });
    const [events, refusal] = await Promise.all([client.shake(), accepted.refusal()]);
    expect(refusal).toMatchObject({ call: 'handshake', errno: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' });
    expect(refusal.text).toContain('the client sent no certificate, but one is required');
    const heard = await heardRefusal(client, events, maxVersion);
    expect(heard.text).toContain(
      maxVersion === 'TLSv1.2' ? 'alert handshake_failure (40)' : 'alert certificate_required (116)',
    );
  });

  test.each([
    ['of an unknown authority', { usage: 'client', subject: 'stranger' }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['that has expired', { usage: 'client', fromDay: -3, toDay: -2 }, 'CERT_HAS_EXPIRED'],
    ['for servers', { usage: 'server' }, 'INVALID_PURPOSE'],
  ] as const)('that requires a certificate refuses one %s, before any data', async (_, leaf, errno) => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const issuer = errno === 'DEPTH_ZERO_SELF_SIGNED_CERT' ? {} : { issuer: root };
    const { certificate, key, fingerprint } = await folder.leaf({ ...leaf, ...issuer });
    await using server = await serverOf(await folder.leaf({ issuer: root }), {
      ca: root.file,
      clientCertificate: 'require',
      maxVersion,
    });
    const { client, accepted } = await meet(server, { ca: root.file, certificate, key });
    const [events, refusal] = await Promise.all([client.shake(), accepted.refusal()]);
    expect(refusal).toMatchObject({ call: 'handshake', errno, certificate: { fingerprint } });
    const heard = await heardRefusal(client, events, maxVersion);
    expect(heard.errno).toBe('ECONNRESET');
  });
});

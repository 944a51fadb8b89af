import { fork } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CertificateStore, type OwnCertificate } from '#engine/drivers/tls/certificates.ts';
import { CertificateFolder } from '#support/certificates.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wirebench-store-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const kept = (name: 'cert' | 'key') => join(home, 'tls', `localhost-${name}.pem`);
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

async function own(folder: string | undefined = home): Promise<OwnCertificate> {
  const made = await new CertificateStore(folder).own();
  if (!made.ok) throw new Error(made.error.system);
  return made.value;
}

function expectPair({ cert, key, fingerprint }: OwnCertificate): X509Certificate {
  const certificate = new X509Certificate(cert);
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(certificate.fingerprint256).toBe(fingerprint);
  return certificate;
}

test('A certificate made on the spot is for this machine, self-signed, and for servers alone', async () => {
  const certificate = expectPair(await own());
  expect(certificate.subject).toBe('CN=localhost');
  expect(certificate.issuer).toBe('CN=localhost');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  for (const name of ['localhost', hostname()]) expect(certificate.checkHost(name.toLowerCase())).toBeTruthy();
  for (const address of ['127.0.0.1', '::1']) expect(certificate.checkIP(address)).toBe(address);
  const days = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / 86_400_000;
  expect(days).toBe(825);
  expect(Date.now() - certificate.validFromDate.getTime()).toBeGreaterThanOrEqual(3_600_000);
});

test('It is kept, for its owner’s eyes only, and used again by the next run', async () => {
  const first = await own();
  expect([mode(join(home, 'tls')), mode(kept('key'))]).toEqual(['700', '600']);
  expect(readFileSync(kept('cert'), 'utf8')).toBe(first.cert);
  expect(await own()).toEqual(first);
  expect(readdirSync(join(home, 'tls')).sort()).toEqual(['localhost-cert.pem', 'localhost-key.pem']);
});

test('One store makes one certificate, however many ask at once', async () => {
  const store = new CertificateStore(undefined);
  const all = await Promise.all(Array.from({ length: 5 }, () => store.own()));
  expect(new Set(all.map((made) => made.ok && made.value.fingerprint)).size).toBe(1);
});

test('It is made anew where it ends within a week', async () => {
  const first = await own();
  using folder = new CertificateFolder();
  const soon = await folder.leaf({ toDay: 6 });
  writeFileSync(kept('cert'), readFileSync(soon.certificate));
  writeFileSync(kept('key'), readFileSync(soon.key));
  const next = await own();
  expect(next.fingerprint).not.toBe(soon.fingerprint);
  expect(next.fingerprint).not.toBe(first.fingerprint);
  expectPair(next);

  const later = await folder.leaf({ toDay: 8 });
  writeFileSync(kept('cert'), readFileSync(later.certificate));
  writeFileSync(kept('key'), readFileSync(later.key));
  expect((await own()).fingerprint).toBe(later.fingerprint);
});

test.each([
  ['the certificate is missing', () => rmSync(kept('cert'))],
  ['the key is missing', () => rmSync(kept('key'))],
  ['the certificate is damaged', () => writeFileSync(kept('cert'), 'hello')],
  ['the key is damaged', () => writeFileSync(kept('key'), '')],
])('It is made anew where %s', async (_, damage) => {
  const first = await own();
  damage();
  const next = await own();
  expect(next.fingerprint).not.toBe(first.fingerprint);
  expectPair(next);
  expect(await own()).toEqual(next);
});

test('It is made anew where the key is another’s', async () => {
  await own();
  using folder = new CertificateFolder();
  writeFileSync(kept('key'), readFileSync((await folder.leaf()).key));
  expectPair(await own());
});

test('A folder that cannot be written is a failure that says so', async () => {
  const file = join(home, 'file');
  writeFileSync(file, '');
  const made = await new CertificateStore(file).own();
  expect(made).toMatchObject({ ok: false, error: { code: 'file', message: expect.stringContaining(file) } });
  expect(made.ok ? '' : made.error.system).toMatch(/^ENOTDIR/);
});

test('Processes that start at once end with one pair that fits, also over a damaged one', {
  timeout: 60_000,
}, async () => {
  for (const damaged of [false, true]) {
    if (damaged) writeFileSync(kept('key'), 'damaged');
    const runs = Array.from({ length: 4 }, () => {
      const child = fork(new URL('../../../../support/certificate-child.ts', import.meta.url), [home]);
      return new Promise<OwnCertificate>((resolve, reject) => {
        child.on('message', (message) => resolve(message as OwnCertificate));
        child.on('error', reject);
        child.on('exit', (code) => reject(new Error(`ended with ${code}`)));
      });
    });
    for (const pair of await Promise.all(runs)) expectPair(pair);
    const onDisk = { cert: readFileSync(kept('cert'), 'utf8'), key: readFileSync(kept('key'), 'utf8') };
    const after = await own();
    expect({ cert: after.cert, key: after.key }).toEqual(onDisk);
  }
});

import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { createConfig, type EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { CertificateFolder } from '#support/certificates.ts';
import { startWorkbench, testHome } from '#support/workbench.ts';

const secret = 'correct horse battery staple';

describe('the passphrase of a key', () => {
  it('opens the key and never comes back: not in an answer, a snapshot, an event or the session', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    using folder = new CertificateFolder();
    const { certificate, key } = await folder.leaf();
    const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: secret } as const;
    const locked = folder.file('locked.pem', String(createPrivateKey(await readFile(key)).export(options)));
    const files = { certificate: bench.files.grantRead(certificate), key: bench.files.grantRead(locked) };
    const tls = { ...files, passphrase: secret };
    const created = await bench.value('endpoints.create', createConfig('server', 'tls', { port: 0, tls }));
    expect(created.config).toMatchObject({ tls: { passphrase: '', passphraseSet: true } });

    // Another option is edited in what the view says.
    const config = { ...created.config, name: 'boiler' };
    const updated = await bench.value('endpoints.update', { id: created.id, config });
    expect(updated.config).toMatchObject({ name: 'boiler', tls: { passphraseSet: true } });
    expect(await bench.value('endpoints.open', { id: created.id })).toMatchObject({ state: 'listening' });
    const { path } = await bench.recording();
    await vi.waitUntil(() => bench.events.some(({ kind }) => kind === 'endpoints'), { timeout: 30_000, interval: 5 });
    const seen = JSON.stringify([created, updated, await bench.value('app.snapshot', {}), bench.events]);
    expect(seen).toContain('boiler');
    expect(seen).not.toContain(secret);

    await bench.value('endpoints.close', { id: created.id });
    if (!('tls' in config)) throw new Error('not over TLS');
    const cleared = { ...config, tls: { ...config.tls, passphraseSet: false } } as EndpointConfig;
    await bench.value('endpoints.update', { id: created.id, config: cleared });
    const refused = await bench.call('endpoints.open', { id: created.id });
    expect(refused).toMatchObject({ ok: false, error: { hint: expect.stringContaining('passphrase') } });
    await bench.close();
    expect(await readFile(path, 'latin1')).not.toContain(secret);
  });
});

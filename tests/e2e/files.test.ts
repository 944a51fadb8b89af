import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import { CertificateFolder } from '#support/certificates.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

describe.each(backendsOf('files'))('files that the user chooses ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  continueApp(backend, (launched) => {
    ({ app, bench } = launched);
  });

  const option = (name: string) => app.page.getByRole('dialog', { name: 'Options' }).getByLabel(name, { exact: true });

  /** Chooses the file at `path` for an option, as the host lets its user do that. */
  async function choose(label: string, path: string, name: string): Promise<void> {
    await app.open(path, () => bench.button(`Select ${label}`).click());
    await expect.poll(() => option(label).inputValue()).toBe(name);
  }

  /** Ends the options and launches the server on a free port; gives the port. */
  async function launch(): Promise<number> {
    await app.page.keyboard.press('Escape');
    await app.page.getByRole('dialog', { name: 'Options' }).waitFor({ state: 'detached' });
    await bench.field('Port').fill('0');
    await bench.button('Launch').click();
    const told = /listening on 127\.0\.0\.1:(\d+)/;
    const row = await bench.seeRow(told);
    return Number(told.exec(await row.innerText())?.[1]);
  }

  test('are what a server replies with, and no path of them reaches the page', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wirebench-files-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'my reply.json');
    await writeFile(path, '{"mine":true}');
    await bench.openServer('tcp');
    await bench.button('Options').click();
    await option('Behaviour').selectOption('reply-file');
    await option('File').selectOption('Custom file');
    await choose('Custom file', path, 'my reply.json');
    const socket = net.connect(await launch(), '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.write('anything');
    const [data] = await once(socket, 'data');
    expect(String(data)).toBe('{"mine":true}');
    const snapshot = await app.client.call('app.snapshot', {});
    const endpoints = snapshot.ok ? snapshot.value.endpoints : [];
    expect(endpoints).toMatchObject([
      { config: { behaviour: { path: expect.stringMatching(/^file:[\w-]{22}\/my reply/) } } },
    ]);
    expect(JSON.stringify(endpoints)).not.toContain(folder);
  });

  // For the desktop app, the test of saved endpoints picks a certificate and its key.
  if (backend.kind !== 'browser') return;

  test('are the certificate of a TLS server, its key and the authorities of its clients', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('root');
    const server = await folder.leaf({ issuer: root });
    const client = await folder.leaf({ issuer: root, subject: 'a client', usage: 'client' });
    await bench.openServer('tls');
    await bench.button('Options').click();
    const nameOf = (path: string) => path.slice(folder.path.length + 1);
    await choose('Certificate', server.certificate, nameOf(server.certificate));
    await choose('Private key', server.key, nameOf(server.key));
    await choose('CA certificates', root.file, nameOf(root.file));
    await option('Client certificates').selectOption('require');
    const port = await launch();
    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: root.pem,
      cert: await readFile(client.certificate),
      key: await readFile(client.key),
    });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    expect(socket.getPeerX509Certificate()?.fingerprint256).toBe(server.fingerprint);
    socket.write('over TLS');
    await bench.seeRow('over TLS');
  });
});

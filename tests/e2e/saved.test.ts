import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type App, backendsOf, launchApp } from '#support/app.ts';
import { CertificateFolder } from '#support/certificates.ts';
import { WorkbenchPage } from '#support/workbench-page.ts';

// These tests restart the program, with a separate home for each.
describe.each(backendsOf('saved'))('a saved endpoint, $name', (backend) => {
  let home: string;
  let app: App | undefined;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  async function start(): Promise<{ readonly app: App; readonly bench: WorkbenchPage }> {
    expect(await app?.close()).not.toBe(1);
    app = await launchApp(backend, home);
    return { app, bench: new WorkbenchPage(app.page) };
  }

  /** Saves the endpoint that is shown as `endpoints/lab/NAME.yaml`. */
  async function save({ app: { page }, bench }: Awaited<ReturnType<typeof start>>, name: string): Promise<void> {
    await bench.button('Save endpoint').click();
    await bench.field('Name').fill(name);
    await page.getByRole('combobox', { name: 'Folder' }).fill('lab');
    await bench.button('Save').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  /** The server on the page is launched; gives its port. */
  async function launch(bench: WorkbenchPage): Promise<number> {
    await bench.button('Launch').click();
    const listening = /listening on 127\.0\.0\.1:(\d+)/;
    return Number(listening.exec(await (await bench.seeRow(listening)).innerText())?.[1]);
  }

  test('is there when the program starts again, as its tab is, with what was changed since', async () => {
    const first = await start();
    await first.bench.openServer('tcp');
    await first.bench.field('Port').fill('0');
    await save(first, 'boiler');
    expect(await readFile(join(home, 'workspace/endpoints/lab/boiler.yaml'), 'utf8')).toMatch(/^name: boiler$/m);
    await first.bench.field('Host').fill('localhost');
    await first.bench.button('Save endpoint (unsaved changes)').waitFor();

    const { app: again, bench } = await start();
    await again.page.getByRole('tab', { name: /boiler.*unsaved changes/, selected: true }).waitFor();
    await again.page.getByRole('button', { name: /^boiler 127\.0\.0\.1:0/ }).waitFor();
    await expect.poll(() => bench.field('Host').inputValue()).toBe('localhost');
    await bench.field('Host').press('ControlOrMeta+s');
    await bench.button('Save endpoint').waitFor();
    expect(await readFile(join(home, 'workspace/endpoints/lab/boiler.yaml'), 'utf8')).toMatch(/^host: localhost$/m);
    expect(again.problems).toEqual([]);
  });

  test('has its certificate and key, or says that they are missing', async () => {
    using folder = new CertificateFolder();
    const leaf = await folder.leaf();
    const first = await start();
    await first.bench.openServer('tls');
    await first.bench.field('Port').fill('0');
    await first.bench.button('Options').click();
    for (const [option, path] of [
      ['Certificate', leaf.certificate],
      ['Private key', leaf.key],
    ] as const) {
      await first.app.open(path, () => first.bench.button(`Select ${option}`).click());
      const field = first.app.page.getByRole('dialog', { name: 'Options' }).getByLabel(option, { exact: true });
      await expect.poll(() => field.inputValue()).toBe(path.slice(folder.path.length + 1));
    }
    await first.app.page.keyboard.press('Escape');
    await save(first, 'secure');
    const file = await readFile(join(home, 'workspace/endpoints/lab/secure.yaml'), 'utf8');
    expect(file).not.toContain(folder.path);

    const { bench } = await start();
    if (backend.kind === 'browser') {
      // A browser uploads copies, which are deleted when the program ends.
      await bench.seeText(/^Not on this machine: /);
      return;
    }
    const socket = tls.connect({ port: await launch(bench), host: '127.0.0.1', rejectUnauthorized: false });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    expect(socket.getPeerX509Certificate()?.fingerprint256).toBe(leaf.fingerprint);
  });
});

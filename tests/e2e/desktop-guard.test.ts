import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desktopBackend } from '#support/app.ts';
import { type Desktop, launchOnElectron } from '#support/app-electron.ts';

describe(`the desktop app’s confinement, ${desktopBackend.name}`, () => {
  let home: string;
  let desktop: Desktop;
  let foreign: string;
  const visited: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    visited.push(request.url);
    response.setHeader('content-type', 'text/html').end('<title>foreign</title>');
  });

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    foreign = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    // What `npm run dev` sets: a built app starts with it as it does without.
    process.env.ELECTRON_RENDERER_URL = foreign;
    desktop = await launchOnElectron(home, () => {});
    delete process.env.ELECTRON_RENDERER_URL;
    await desktop.page.waitForFunction(() => 'wirebench' in window);
  });
  afterAll(async () => {
    await desktop.close();
    server.close();
    await rm(home, { recursive: true, force: true });
  });

  const call = (name: string, input: object) =>
    desktop.page.evaluate(
      async ([calledName, calledInput]) => {
        try {
          return await window.wirebench?.call(calledName, calledInput);
        } catch (error) {
          return String(error);
        }
      },
      [name, input] as const,
    );

  it('shows its own page when the environment names the address of another one', async () => {
    await desktop.page.getByRole('heading', { name: 'Wirebench' }).waitFor();
    expect(visited).toEqual([]);
  });

  it('gives the page one transport and nothing of Node or Electron', async () => {
    const found = await desktop.page.evaluate(() => ({
      keys: Object.keys(window.wirebench ?? {}).sort(),
      others: ['require', 'process', 'module', 'electron', 'Buffer'].filter((name) => name in window),
    }));
    expect(found).toEqual({ keys: ['call', 'grantFolder', 'subscribe'], others: [] });
    expect(await call('app.info', {})).toMatchObject({ ok: true, value: { host: 'electron', home } });
  });

  it('carries bytes both ways as bytes', async () => {
    const answer = await desktop.page.evaluate(async () => {
      const reply = await window.wirebench?.call('sockets.send', {
        sockets: [4_711],
        bytes: new Uint8Array([0, 128, 255]),
        frame: false,
      });
      return JSON.stringify(reply);
    });
    expect(JSON.parse(answer)).toMatchObject({ ok: true, value: { sent: [{ socket: 4_711 }] } });
  });

  it('answers a name that is no text as an unknown call', async () => {
    const answer = await desktop.page.evaluate(async () => {
      const notText: unknown = { toString: 1 };
      return (await window.wirebench?.call(notText as string, {})) as object;
    });
    expect(answer).toMatchObject({ error: { code: 'unknown-call' } });
  });

  it('rejects a dialog that no test has scripted, instead of showing one', async () => {
    expect(await call('dialogs.open', { title: 'Open', purpose: 'file' })).toMatchObject({
      error: { code: 'internal' },
    });
  });

  it('stays on its page when the page wants to leave, and opens no window', async () => {
    const address = desktop.page.url();
    await desktop.page.evaluate((url) => {
      location.href = url;
    }, `${foreign}left`);
    await desktop.page.evaluate((url) => {
      const link = document.body.appendChild(document.createElement('a'));
      link.href = url;
      link.target = '_blank';
      link.click();
      link.remove();
    }, `${foreign}opened`);
    expect(await call('app.info', {})).toMatchObject({ ok: true });
    expect(desktop.page.url()).toBe(address);
    expect(await desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('refuses the calls of a foreign page in its window', async () => {
    await desktop.electron.evaluate(
      ({ BrowserWindow }, url) => BrowserWindow.getAllWindows()[0]?.loadURL(url),
      foreign,
    );
    await desktop.page.waitForURL(foreign);
    expect(await desktop.page.title()).toBe('foreign');
    expect(await call('app.info', {})).toContain('this frame may not call Wirebench');
    const granted = await desktop.page.evaluate(() => window.wirebench?.grantFolder(new File([], 'lab')).catch(String));
    expect(granted).toContain('this frame may not call Wirebench');
    // Where the page itself wanted to go before, it never came.
    expect(visited.filter((path) => path !== '/favicon.ico')).toEqual(['/']);
  });
});

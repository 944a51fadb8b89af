import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostProcess, startHost } from '#support/app-browser.ts';
import { browserFlags, findBrowser } from '#support/browser.ts';

/** What a page that was loaded from `origin` gets of the host at `port`, with `token` where it has stolen one. */
interface Attempts {
  readonly fetched: Record<string, string>;
  readonly script: string;
  readonly framed: string;
  readonly socket: string;
}

/** Runs in the page. */
async function attempt([base, token]: readonly [string, string]): Promise<Attempts> {
  const headers = { authorization: `Bearer ${token}` };
  const asked: Record<string, [string, RequestInit]> = {
    page: ['/', {}],
    'page without CORS': ['/', { mode: 'no-cors' }],
    token: ['/token', { headers }],
    upload: ['/upload?name=planted', { method: 'POST', headers, body: 'planted' }],
    'upload without CORS': ['/upload?name=planted', { method: 'POST', mode: 'no-cors', body: 'planted' }],
  };
  const fetched: Record<string, string> = {};
  for (const [name, [path, init]] of Object.entries(asked)) {
    fetched[name] = await fetch(base + path, init).then(
      async (answer) => `${answer.status} ${(await answer.text()).slice(0, 40)}`,
      (error: Error) => error.name,
    );
  }
  const ending = (element: HTMLElement, good: string) =>
    new Promise<string>((resolve) => {
      element.onload = () => resolve(good);
      element.onerror = () => resolve('error');
      document.body.append(element);
    });
  const script = await ending(Object.assign(document.createElement('script'), { src: `${base}/` }), 'loaded');
  const frame = Object.assign(document.createElement('iframe'), { src: `${base}/` });
  await ending(frame, 'loaded');
  let framed = 'closed';
  try {
    framed = frame.contentDocument?.title ?? 'closed';
  } catch {
    framed = 'closed';
  }
  const socket = await new Promise<string>((resolve) => {
    const opened = new WebSocket(`${base.replace('http', 'ws')}/socket`, ['wirebench.1', `token.${token || 'A'}`]);
    opened.onopen = () => resolve('open');
    opened.onerror = () => resolve('refused');
  });
  return { fetched, script, framed, socket };
}

describe('a page that is not Wirebench’s, in Chromium', () => {
  let home: string;
  let host: HostProcess;
  let base: string;
  let token: string;
  let browser: Browser;
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<body>foreign'));

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
    host = await startHost(home);
    const address = new URL(host.address);
    base = address.origin;
    token = address.hash.replace('#token=', '');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A foreign name that resolves to this machine: what an attacker's DNS server answers.
    const rebound = '--host-resolver-rules=MAP evil.example 127.0.0.1';
    browser = await chromium.launch({ executablePath: findBrowser(), args: [...browserFlags, rebound] });
  });
  afterAll(async () => {
    await browser.close();
    await host.stop();
    server.close();
    await rm(home, { recursive: true, force: true });
  });

  async function visit(address: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(address);
    return page;
  }
  const ownPort = () => (server.address() as AddressInfo).port;

  it.each([
    ['another site', 'evil.example', ''],
    ['another site with the token', 'evil.example', 'stolen'],
    ['another local port', '127.0.0.1', ''],
    ['another local port with the token', '127.0.0.1', 'stolen'],
  ])('reads and writes nothing: a page of %s', async (_, name, stolen) => {
    const page = await visit(`http://${name}:${ownPort()}/`);
    const got = await page.evaluate(attempt, [base, stolen && token] as const);
    await page.close();
    expect(got.fetched).toEqual({
      page: 'TypeError',
      'page without CORS': expect.stringMatching(/^(0 |TypeError)$/),
      token: 'TypeError',
      upload: 'TypeError',
      'upload without CORS': expect.stringMatching(/^(0 |TypeError)$/),
    });
    expect(got).toMatchObject({ script: 'error', framed: 'closed', socket: 'refused' });
    expect(await readdir(join(home, 'uploads'))).toEqual([]);
  });

  it('is not served under a foreign name that resolves to this machine', async () => {
    const page = await browser.newPage();
    const answer = await page.goto(`http://evil.example:${new URL(base).port}/#token=${token}`);
    expect(answer?.status()).toBe(421);
    expect(await page.textContent('body')).toBe('This is not the address of Wirebench');
    await page.close();
  });

  it('cannot lead a user to Wirebench by a link, and has no hold on a window of it', async () => {
    const page = await visit(`http://127.0.0.1:${ownPort()}/`);
    const opening = page.waitForEvent('popup');
    await page.evaluate((address) => window.open(address), `${base}/#token=${token}`);
    const popup = await opening;
    await popup.getByText('Wirebench does not serve requests from other pages').waitFor();
    await page.close();
  });

  it('is served without the token, gets nothing from the engine, and says so', async () => {
    const page = await visit(`${base}/`);
    await page.getByText('This page’s token is not valid.').waitFor();
    const got = await page.evaluate(attempt, [base, ''] as const);
    expect(got.fetched).toMatchObject({
      token: '401 The token is missing or wrong',
      upload: '401 The token is missing or wrong',
      'upload without CORS': '401 The token is missing or wrong',
    });
    expect(got.socket).toBe('refused');
    expect(await readdir(join(home, 'uploads'))).toEqual([]);
    await page.close();
  });
});

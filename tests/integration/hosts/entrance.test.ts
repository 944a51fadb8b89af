import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { ask, startTestHost, type TestHost } from '#support/browser-host.ts';

/** Makes an entrance; returns its file and the path that it leads to. */
async function enterable(host: TestHost): Promise<{ readonly file: string; readonly pathname: string }> {
  const file = await host.makeEntrance();
  const address = /url=([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  expect(address).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${host.port}/enter/[\\w-]{43}$`));
  return { file, pathname: new URL(address).pathname };
}

it('makes a file that only its user can read, without the token', async () => {
  const umask = process.umask(0);
  const host = await startTestHost();
  const { file } = await enterable(host);
  process.umask(umask);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (let folder = dirname(file); folder.startsWith(host.home); folder = dirname(folder)) {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  }
  expect(readFileSync(file, 'utf8')).not.toContain(host.token);
});

it('leads to the page with its token once, also from a file, and deletes the file then', async () => {
  const host = await startTestHost();
  const { file, pathname } = await enterable(host);
  const headers = { 'sec-fetch-site': 'cross-site' };
  const entered = await ask(host.port, pathname, { headers });
  expect(entered.status).toBe(200);
  expect(entered.body).toContain(`url=/#token=${host.token}"`);
  expect(entered.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  expect(existsSync(file)).toBe(false);
  expect(await ask(host.port, pathname)).toMatchObject({ status: 404 });
  expect(await ask(host.port, pathname, { headers })).toMatchObject({ status: 403 });
});

it('is used up by nothing but a page: not by another method, a foreign host or origin', async () => {
  const host = await startTestHost();
  const { pathname } = await enterable(host);
  expect(await ask(host.port, pathname, { method: 'HEAD' })).toMatchObject({ status: 404 });
  expect(await ask(host.port, pathname, { method: 'POST' })).toMatchObject({ status: 405 });
  expect(await ask(host.port, pathname, { headers: { host: 'evil.example' } })).toMatchObject({ status: 421 });
  expect(await ask(host.port, pathname, { headers: { origin: 'http://evil.example' } })).toMatchObject({ status: 403 });
  expect(await ask(host.port, '/enter/')).toMatchObject({ status: 404 });
  expect(await ask(host.port, `/enter/${'A'.repeat(43)}`)).toMatchObject({ status: 404 });
  expect(await ask(host.port, pathname)).toMatchObject({ status: 200 });
});

it('leaves no file when the host ends', async () => {
  const host = await startTestHost();
  const { file } = await enterable(host);
  await host.close();
  expect(existsSync(dirname(file))).toBe(false);
});

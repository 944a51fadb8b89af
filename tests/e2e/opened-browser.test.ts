import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type HostProcess, openBrowser, startHost } from '#support/app-browser.ts';
import { seenProcesses } from '#support/processes.ts';

/** Stands for a browser: writes down what it was started with, and stays until it is killed. */
const program = `#!/bin/sh
echo "$$" "$@" > "$0.part"
/bin/mv "$0.part" "$0.started"
kill -STOP "$$"
`;

describe.runIf(process.platform === 'linux')('the browser that the host opens (found by PATH, seen in /proc)', () => {
  let folder: string;
  let host: HostProcess;
  let token: string;
  let started: { readonly pid: number; readonly argument: string };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wirebench-opened-'));
    const browser = join(folder, 'chromium');
    await writeFile(browser, program);
    await chmod(browser, 0o755);
    host = await startHost(join(folder, 'home'), { PATH: folder, DISPLAY: ':0' }, true);
    token = new URL(host.address).hash.replace('#token=', '');
    await vi.waitUntil(() => existsSync(`${browser}.started`), { timeout: 20_000, interval: 20 });
    const [pid = '', argument = ''] = readFileSync(`${browser}.started`, 'utf8').trim().split(' ');
    started = { pid: Number(pid), argument };
  });
  afterAll(async () => {
    process.kill(started.pid, 'SIGKILL');
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('gets a file that only its user can read; no process has the token or the code in its arguments or environment', () => {
    const file = fileURLToPath(started.argument.replace('--app=', ''));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    const code = /\/enter\/([\w-]{43})"/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    expect([token.length, code.length]).toEqual([43, 43]);
    const seen = seenProcesses();
    // What is looked for would be found: the file's own address is.
    expect(seen.find(({ pid }) => pid === started.pid)?.text).toContain(started.argument);
    expect(seen.find(({ pid }) => pid === host.child.pid)?.text).toContain('WIREBENCH_HOME=');
    expect(seen.filter(({ text }) => text.includes(token) || text.includes(code)).map(({ pid }) => pid)).toEqual([]);
  });

  it('comes from the file to the page, which is connected; the file is deleted, and the address shows no token', async () => {
    const connected = Promise.withResolvers<void>();
    const { page, close } = await openBrowser(started.argument.replace('--app=', ''), (opened) =>
      opened.on('websocket', (socket) => socket.on('framereceived', () => connected.resolve())),
    );
    try {
      await connected.promise;
      await page.getByRole('heading', { name: 'Wirebench' }).waitFor();
      await page.waitForFunction(() => location.hash === '');
      expect(page.url()).toBe(new URL('/', host.address).href);
      expect(existsSync(fileURLToPath(started.argument.replace('--app=', '')))).toBe(false);
    } finally {
      await close();
    }
  });
});

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { recordingDelayMs } from '#shared/record/record.ts';
import { type App, browserBackend, launchApp } from '#support/app.ts';
import { openBrowser, startHost } from '#support/app-browser.ts';
import { shareApp } from '#support/app-suite.ts';
import { acceptedSocket, answerOf, recordMessages, SessionFolder } from '#support/session.ts';
import { storedFile } from '#support/stored-file.ts';
import { WorkbenchPage } from '#support/workbench-page.ts';

const run = promisify(execFile);
const dayMs = 86_400_000;
const patience = { timeout: 30_000 };

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
});
afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

/** Connects to a server of the app and has it answer `message`. */
async function talk(bench: WorkbenchPage, message: string): Promise<net.Socket> {
  const port = await bench.launchLocalServer();
  const socket = net.connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(message);
  await bench.seeRow(message);
  return socket;
}

const recent = (bench: WorkbenchPage): Locator => bench.page.getByRole('list', { name: 'Recent sessions' });
const entries = (bench: WorkbenchPage): Locator => recent(bench).getByRole('listitem');

/** Puts a session into the app's folder that began and changed `daysAgo`. */
async function store(name: string, daysAgo: number): Promise<string> {
  const at = new Date(Date.now() - daysAgo * dayMs);
  await mkdir(join(home, 'sessions'), { recursive: true });
  const path = join(home, 'sessions', `${name}.wirebench`);
  await writeFile(path, storedFile({ name, createdAt: at.toISOString(), records: 3 }));
  await utimes(path, at, at);
  return path;
}

// The list of sessions is made of the files of earlier runs, so these need a home of their own and restarts.
describe('recorded sessions', () => {
  let app: App | undefined;
  async function start(): Promise<WorkbenchPage> {
    app = await launchApp(browserBackend, home);
    return new WorkbenchPage(app.page);
  }
  async function stop(): Promise<void> {
    expect(app?.problems).toEqual([]);
    expect(await app?.close()).toBe(0);
    app = undefined;
  }
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  test('are on the start page of the next run: opened, named, found, deleted', async () => {
    let bench = await start();
    await bench.seeText('No recordings yet.');
    await talk(bench, 'a first run');
    await stop();

    bench = await start();
    await bench.openStartPage();
    await expect.poll(() => entries(bench).count(), patience).toBe(1);
    expect(await entries(bench).innerText()).toMatch(/today \d\d:\d\d[\s\S]*\d+ records[\s\S]*\d B|KB/);
    await bench.button('Settings').waitFor();
    await entries(bench)
      .getByRole('button', { name: /^Open / })
      .click();
    await bench.seeText(/opened read-only/);
    await bench.seeRow('a first run');

    // Opened again it is the same tab.
    await bench.button('New tab').click();
    await entries(bench)
      .getByRole('button', { name: /^Open / })
      .click();
    await bench.seeRow('a first run');
    expect(await bench.page.getByRole('tab', { name: /^read-only/ }).count()).toBe(1);

    await bench.button('New tab').click();
    await entries(bench)
      .getByRole('button', { name: /^Actions for/ })
      .click();
    await bench.page.getByRole('menuitem', { name: 'Rename…' }).click();
    await bench.field('Name').fill('boiler test');
    await bench.page.keyboard.press('Enter');
    await entries(bench).filter({ hasText: 'boiler test' }).waitFor();
    await bench.page.getByRole('tab', { name: /boiler test/ }).waitFor();

    await bench.command('recent sessions');
    const dialog = bench.page.getByRole('dialog', { name: 'Recorded sessions' });
    await dialog.getByRole('textbox', { name: 'Find by name' }).fill('BOILER');
    await dialog.getByRole('button', { name: 'Actions for boiler test' }).click();
    await bench.page.getByRole('menuitem', { name: 'Delete…' }).click();
    await bench.page.getByRole('dialog', { name: 'Delete “boiler test”?' }).waitFor();
    await bench.button('Delete session').click();
    await dialog.getByText('No matching session.').or(dialog.getByText('No recordings yet.')).waitFor();
    await bench.page.keyboard.press('Escape');
    await bench.seeText('No recordings yet.');
    await expect.poll(() => bench.page.getByRole('tab', { name: /boiler test/ }).count(), patience).toBe(0);
    await stop();
  });

  test('beyond what the settings keep are deleted, the oldest first, after it was said', async () => {
    const paths = [await store('first', 5), await store('second', 4), await store('third', 3)];
    const bench = await start();
    await expect.poll(() => entries(bench).count(), patience).toBe(3);
    await bench.button('Settings').click();
    const dialog = bench.page.getByRole('dialog', { name: 'Settings' });
    await dialog.getByText(/Currently 3 sessions/).waitFor();
    await dialog.getByRole('textbox', { name: 'Maximum sessions' }).fill('0');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('1 to 100000').waitFor();
    // The run that records now is one of them.
    await dialog.getByRole('textbox', { name: 'Maximum sessions' }).fill('2');
    await dialog.getByText(/Saving deletes up to \d sessions?/).waitFor();
    expect(paths.map(existsSync)).toEqual([true, true, true]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => entries(bench).count(), patience).toBe(1);
    expect(paths.map(existsSync)).toEqual([false, false, true]);
    await entries(bench).filter({ hasText: 'third' }).waitFor();
    await stop();
  });
});

describe('another session', () => {
  let app: App;
  let bench: WorkbenchPage;

  shareApp(browserBackend, (shared) => {
    ({ app, bench } = shared);
  });

  test('is made of a capture that is opened', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    log.describe(acceptedSocket);
    recordMessages(log, 'in', [Buffer.from('{"from":"a capture"}')]);
    await log.flush();
    const path = join(app.home, 'plant floor.pcapng');
    answerOf(await log.ask('save', { format: 'pcapng', path }));

    await app.open(path, () => bench.button('Open session…').click());
    await bench.page.getByRole('tab', { name: /plant floor/ }).waitFor();
    await bench.seeText(/opened read-only/);
    await bench.seeRow('{"from":"a capture"}');
    await bench.button('New tab').click();
    await entries(bench).filter({ hasText: 'plant floor' }).waitFor();
  });

  test('starts from the palette: it closes what is open, is empty, and the one before is listed', async () => {
    await talk(bench, 'of the first session');
    await bench.command('new session');
    await bench.seeText(/1 endpoint and 1 connection are open/);
    await bench.button('Close connections and start').click();
    await bench.seeText('New session started');
    await expect.poll(() => bench.rows(/./).filter({ hasText: 'of the first session' }).count()).toBe(0);
    await bench.button('New tab').click();
    await expect.poll(() => entries(bench).count(), patience).toBe(1);
    await entries(bench)
      .getByRole('button', { name: /^Open / })
      .click();
    await bench.seeRow('of the first session');
    await bench.seeRow(/closed/);

    await bench.page.getByRole('tab').first().click();
    await bench.button('Launch').click();
    await bench.seeRow(/listening on/);
    expect(await bench.rows(/accepted|of the first session/).count()).toBe(0);
  });
});

/** Returns what the workspace of `home` has kept of the open tabs; empty where it has not yet. */
async function keptLayout(home: string): Promise<string> {
  const file = (await readdir(home, { recursive: true })).find((path) => path.endsWith('layout.json'));
  return file === undefined ? '' : await readFile(join(home, file), 'utf8');
}

describe('when the app does not end in order', () => {
  test('the killed run is offered at the next start, once, with its records and what was cut', async () => {
    const host = await startHost(home);
    const browser = await openBrowser(host.address);
    onTestFinished(() => browser.close());
    await talk(new WorkbenchPage(browser.page), 'said before the crash');
    await expect.poll(() => browser.page.getByText(/[1-9]\d* records/).count(), patience).toBeGreaterThan(0);
    await expect.poll(() => keptLayout(home), patience).toContain('"kind":"endpoint"');
    const exited = once(host.child, 'exit');
    host.child.kill('SIGKILL');
    await exited;
    await browser.close();

    const next = await startHost(home);
    onTestFinished(async () => void (await next.stop()));
    const again = await openBrowser(next.address);
    onTestFinished(() => again.close());
    const bench = new WorkbenchPage(again.page);
    const notice = bench.page.getByRole('status').filter({ hasText: 'Wirebench did not shut down cleanly' });
    await notice.getByText(/was recovered with \d+ records\./).waitFor();
    await bench.openStartPage();
    const entry = entries(bench).filter({ hasText: 'recovered' });
    await entry.getByText(new RegExp(`Wirebench did not shut down cleanly: .*${recordingDelayMs} ms`)).waitFor();
    await notice.getByRole('button', { name: 'Open session' }).click();
    await bench.seeRow('said before the crash');
    await bench.seeText(/not closed properly/);

    await again.page.reload();
    await bench.seeRow('said before the crash');
    await bench.button('New tab').click();
    await entry.waitFor();
    expect(await notice.count()).toBe(0);
  });
});

describe.runIf(process.platform === 'linux')('when the disk takes no more', () => {
  test('the window says so until recording goes on, here or in another place, and nothing is lost', async () => {
    const place = join(home, 'another disk');
    await mkdir(place);
    const host = await startHost(home, { TMPDIR: place });
    onTestFinished(async () => void (await host.stop()));
    const browser = await openBrowser(host.address);
    onTestFinished(() => browser.close());
    const bench = new WorkbenchPage(browser.page);
    /** A limit on the size of files is met like a full disk. Only the soft one: that can be taken back. */
    const limitFiles = (size: string) => run('prlimit', ['--pid', String(host.child.pid), `--fsize=${size}:`]);
    const alert = bench.page.getByRole('alert').filter({ hasText: 'Could not record' });

    const socket = await talk(bench, 'before');
    await limitFiles('1024');
    socket.write('while it is full');
    await alert.getByText('write(): EFBIG (file too large)').waitFor();
    await alert.getByText(/records saved/).waitFor();
    await alert.getByRole('button', { name: 'Retry' }).click();
    await alert.getByText('Retried without success: write(): EFBIG').waitFor();
    await limitFiles('unlimited');
    await alert.getByRole('button', { name: 'Retry' }).click();
    await expect.poll(() => alert.count(), patience).toBe(0);
    await bench.seeRow('while it is full');

    await limitFiles('1024');
    socket.write('full once more');
    await alert.waitFor();
    await limitFiles('unlimited');
    await alert.getByRole('button', { name: 'Record to a different file…' }).click();
    await bench.page.getByRole('radio', { name: place }).check();
    await bench.button('Move and record there').click();
    await expect.poll(() => alert.count(), patience).toBe(0);
    await bench.seeRow('full once more');
    socket.write('and on');
    await bench.seeRow('and on');
    await bench.seeText('Recording moved');
    expect(await readdir(place)).toEqual([expect.stringMatching(/\.wirebench$/)]);
  });
});

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { desktopBackend } from '#support/app.ts';
import { type Desktop, launchOnElectron } from '#support/app-electron.ts';
import { WorkbenchPage } from '#support/workbench-page.ts';

/*
 * What only the desktop app has beside its confinement (desktop-guard.test.ts): native dialogs, the menu, the place of the
 * window, and an end that waits for the recording. The tests share one app and one session.
 */

async function newHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'wirebench-home-'));
}

/** Creates a workspace with one payload; returns its folder. */
async function newWorkspace(folder: string, name: string): Promise<string> {
  await mkdir(join(folder, 'payloads'), { recursive: true });
  await writeFile(join(folder, 'wirebench.yaml'), `version: 1\nname: ${name}\n`);
  await writeFile(join(folder, 'payloads/first.json'), '{}');
  return folder;
}

/** Drops a folder on the middle of the page, as a file manager does. */
async function dropFolder(page: Page, folder: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await cdp.send('Input.dispatchDragEvent', { type, x: 500, y: 300, data });
  }
  await cdp.detach();
}

const remove = (home: string) => rm(home, { recursive: true, force: true, maxRetries: 5 });

describe(`the desktop app’s own parts, ${desktopBackend.name}`, () => {
  let home: string;
  let desktop: Desktop;
  let bench: WorkbenchPage;
  let port: number;

  beforeAll(async () => {
    home = await newHome();
    desktop = await launchOnElectron(home, () => {});
    bench = new WorkbenchPage(desktop.page);
    port = await bench.launchLocalServer();
  });
  afterAll(async () => {
    await desktop.close();
    await remove(home);
  });

  /** Connects to the server of the app and has it answer `message`. */
  async function talk(message: string): Promise<net.Socket> {
    const socket = net.connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.write(message);
    await bench.seeRow(message);
    return socket;
  }

  test('a save dialog proposes a name of its format, and a cancelled one writes nothing', async () => {
    await desktop.electron.evaluate(({ dialog }) => {
      const asked: unknown[] = [];
      Object.assign(globalThis, { asked });
      dialog.showSaveDialog = async (...args: unknown[]) => {
        asked.push(args.at(-1));
        return { canceled: true, filePath: '' };
      };
    });
    await bench.button('Save session…').click();
    await desktop.page.getByRole('radio', { name: /CSV/ }).check();
    await bench.button('Save').click();
    const asked = (): Promise<unknown> => desktop.electron.evaluate(() => Reflect.get(globalThis, 'asked'));
    await expect.poll(asked).toMatchObject([
      {
        title: 'Save session',
        defaultPath: expect.stringMatching(/Documents.*\.csv$/),
        filters: [{ extensions: ['csv'] }, { extensions: ['*'] }],
        // What the dialog has asked for is not asked again.
        properties: ['showOverwriteConfirmation'],
      },
    ]);
    await desktop.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await desktop.page.getByText(/^Saved \d+ records? as /).count()).toBe(0);
  });

  test('a session saved through the native dialog is opened through it, read-only, with the same records', async () => {
    await talk('{"kept":true}');
    await bench.seeRow('Message received!');
    const path = join(home, 'kept.wirebench');
    await bench.button('Save session…').click();
    await desktop.save(path, () => bench.button('Save').click());
    await bench.seeText(/^Saved \d+ records? as /);
    expect(existsSync(path)).toBe(true);
    await desktop.open(path, () => bench.button('Open session…').click());
    await bench.seeText(/opened read-only/);
    await bench.seeRow('{"kept":true}');
    expect(await bench.button('Send').count()).toBe(0);
    await desktop.page.keyboard.press('ControlOrMeta+W');
  });

  test('a file chosen in the native dialog is sent where it lies, without a copy', async () => {
    const socket = await talk('ready');
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    const path = join(home, 'big.bin');
    await writeFile(path, Buffer.alloc(3_000_000, 7));
    await bench.button('Samples').click();
    await desktop.open(path, () => desktop.page.getByRole('menuitem', { name: 'Send a file…' }).click());
    await bench.button('Send file').click();
    await bench.seeText(/sent 3.000.000 B to 1 peer/);
    await expect.poll(() => received).toBeGreaterThanOrEqual(3_000_000);
    expect(existsSync(join(home, 'uploads', 'big.bin'))).toBe(false);
    await bench.button('Send the text instead').click();
  });

  test('an open dialog shows all files where any will do, and sessions first where one is opened', async () => {
    await desktop.electron.evaluate(({ dialog }) => {
      const shown: unknown[] = [];
      Object.assign(globalThis, { shown });
      dialog.showOpenDialog = async (...args: unknown[]) => {
        shown.push(Reflect.get(Object(args.at(-1)), 'filters'));
        return { canceled: true, filePaths: [] };
      };
    });
    await bench.button('Samples').click();
    await desktop.page.getByRole('menuitem', { name: 'Send a file…' }).click();
    await bench.button('Open session…').click();
    const firstAndLast = (): Promise<unknown> =>
      desktop.electron.evaluate(() =>
        (Reflect.get(globalThis, 'shown') as { extensions: string[] }[][]).map((filters) => [
          filters[0]?.extensions,
          filters.at(-1)?.extensions,
        ]),
      );
    await expect.poll(firstAndLast).toEqual([
      [['*'], ['*']],
      [expect.arrayContaining(['wirebench', 'pcapng']), ['*']],
    ]);
  });

  test('a folder is opened as a workspace through the native dialog and by dropping it, and followed', async () => {
    const { page, electron } = desktop;
    const folders = await Promise.all(['lab', 'plant'].map((name) => newWorkspace(join(home, name), name)));
    const [lab = '', plant = ''] = folders;
    await electron.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = async (...given: unknown[]) => {
        Object.assign(globalThis, { asked: given.at(-1) });
        return { canceled: false, filePaths: [folder] };
      };
    }, lab);
    await bench.command('Open workspace folder…');
    await page.getByRole('button', { name: 'Workspace: lab' }).waitFor();
    expect(await electron.evaluate(() => (globalThis as { asked?: unknown }).asked)).toMatchObject({
      properties: ['openDirectory', 'createDirectory'],
    });

    // Another program writes a file; where the system does not notify of that, the focus does.
    await writeFile(join(lab, 'payloads/late.json'), '{}');
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await page.getByRole('treeitem', { name: 'late.json' }).waitFor();

    await dropFolder(page, plant);
    await page.getByRole('button', { name: 'Workspace: plant' }).waitFor();
    // A script cannot name a folder: the file that it makes has no path.
    const forged = await page.evaluate(() => window.wirebench?.grantFolder(new File([], 'lab')));
    expect(forged).toMatchObject({ ok: false, error: { message: 'Could not open what was dropped' } });

    await electron.evaluate(({ shell }) => {
      shell.showItemInFolder = (path) => void Object.assign(globalThis, { shown: path });
    });
    await page.getByRole('button', { name: 'Actions for first.json' }).click();
    await page.getByRole('menuitem', { name: 'Show in folder' }).click();
    await expect
      .poll(() => electron.evaluate(() => (globalThis as { shown?: unknown }).shown))
      .toBe(join(plant, 'payloads/first.json'));
    await bench.command('Open default workspace');
    await page.getByRole('button', { name: 'Workspace: My workspace' }).waitFor();
  });

  test('the menu copies, pastes, zooms and quits, and leaves the page its keys', async () => {
    const menu = await desktop.electron.evaluate(({ Menu }) => JSON.stringify(Menu.getApplicationMenu()));
    for (const role of ['quit', 'editMenu', 'zoomIn', 'zoomOut', 'resetZoom']) expect(menu).toContain(`"${role}"`);
    expect(menu).not.toContain('accelerator');
    expect(menu).not.toContain('toggleDevTools');
  });
});

/** Has the app end by `end`; gives its code, and the boxes that it showed, which it writes to its error output. */
async function endBy(desktop: Desktop, end: () => Promise<unknown>): Promise<{ code: unknown; boxes: string[] }> {
  const child = desktop.electron.process();
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += String(text);
  });
  await desktop.electron.evaluate(({ dialog }) => {
    dialog.showErrorBox = (title, content) => void process.stderr.write(`error box: ${title}: ${content}\n`);
  });
  const closed = once(child, 'close');
  await end();
  const [code] = await closed;
  return { code, boxes: stderr.split('\n').filter((line) => line.startsWith('error box:')) };
}

test(`the window opens where it was closed, and the end waits for the recording (${desktopBackend.name})`, async () => {
  const home = await newHome();
  onTestFinished(() => remove(home));
  const place = { x: 40, y: 60, width: 1111, height: 777 };
  await writeFile(join(home, 'window.json'), JSON.stringify({ ...place, maximized: false }));
  const desktop = await launchOnElectron(home, () => {});
  const bounds = await desktop.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getNormalBounds(),
  );
  expect(bounds).toEqual(place);
  const bench = new WorkbenchPage(desktop.page);
  const port = await bench.launchLocalServer();
  const socket = net.connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  socket.write('the last word');
  await bench.seeRow('Message received!');
  const closeWindow = () => desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await endBy(desktop, closeWindow)).toEqual({ code: 0, boxes: [] });

  expect(JSON.parse(await readFile(join(home, 'window.json'), 'utf8'))).toEqual({ ...place, maximized: false });
  const again = await launchOnElectron(home, () => {});
  const next = new WorkbenchPage(again.page);
  await next.openStartPage();
  const entry = again.page.getByRole('list', { name: 'Recent sessions' }).getByRole('listitem');
  await entry.getByRole('button', { name: /^Open / }).click();
  await next.seeRow('the last word');
  // Both ends are recorded: the run ended in order.
  await next.seeRow(/closed/);
  expect(await again.page.getByText('recovered').count()).toBe(0);
  expect(await endBy(again, async () => again.electron.process().kill('SIGTERM'))).toEqual({ code: 0, boxes: [] });
});

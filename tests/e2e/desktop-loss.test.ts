import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { desktopBackend } from '#support/app.ts';
import { type Desktop, launchOnElectron } from '#support/app-electron.ts';
import { WorkbenchPage } from '#support/workbench-page.ts';

interface Ended {
  readonly code: number | null;
  /** What the app wrote to its error output, and in its last dialog. */
  readonly stderr: string;
}

/** What a box of the app says, on its error output: when it is shown the test can ask the app nothing more. */
const boxed = 'error box:';

/** How the end is asked for. */
const ends: Readonly<Record<string, (desktop: Desktop) => Promise<void>>> = {
  'its window is closed': async ({ electron }) =>
    electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()),
  'it gets SIGTERM': async ({ electron }) => void electron.process().kill('SIGTERM'),
};

/** Runs the app, has it lose records, and ends it by `end`. */
async function run(end: (desktop: Desktop) => Promise<void>): Promise<Ended> {
  const home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const desktop = await launchOnElectron(home, () => {});
  const child = desktop.electron.process();
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += String(text);
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  await desktop.electron.evaluate(({ dialog }, prefix) => {
    dialog.showErrorBox = (title, content) => {
      process.stderr.write(`${prefix} ${title}: ${content}\n`);
    };
  }, boxed);
  const bench = new WorkbenchPage(desktop.page);
  const socket = net.connect(await bench.launchLocalServer(), '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  socket.write('before');
  await bench.seeRow('before');
  const [name = ''] = readdirSync(join(home, 'sessions'));
  const { size } = statSync(join(home, 'sessions', name));
  // A limit on the size of files is met like a full disk.
  execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${size + 50}:`]);
  socket.write('while it is full');
  await bench.page.getByRole('alert').filter({ hasText: 'Could not record' }).waitFor();
  await end(desktop);
  const [code] = await exited;
  return { code, stderr };
}

// prlimit is Linux's. An end without loss is a test of desktop.test.ts.
describe.runIf(process.platform === 'linux')(`the end of the desktop app, ${desktopBackend.name},`, () => {
  test.each(Object.entries(ends))(
    'when %s, has code 1 where records are lost, and says how many',
    async (name, end) => {
      const { code, stderr } = await run(end);
      expect(code).toBe(1);
      expect(stderr).toMatch(/(?:the last \d+ records|\d+ records) could not be written/);
      const box = stderr.split('\n').find((line) => line.startsWith(boxed));
      if (name === 'it gets SIGTERM') expect(box).toBeUndefined();
      else expect(box).toMatch(/^error box: Records were lost: .*\b\d+ records\b/);
    },
  );
});

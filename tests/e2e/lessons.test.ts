import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type App, browserBackend } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import { root } from '#support/build-setup.ts';
import { runCli } from '#support/cli.ts';
import { freePort } from '#support/raw-server.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

const runner = join(root, 'tests', 'support', 'traced', 'run_both.py');

describe('lessons', () => {
  let app: App;
  let bench: WorkbenchPage;

  continueApp(browserBackend, (launched) => {
    ({ app, bench } = launched);
  });

  /** Presses Tab until the focused element has this text or label. */
  async function tabTo(text: string): Promise<void> {
    const { page } = app;
    for (let presses = 0; presses < 100; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      const label = (await focused.count()) === 0 ? '' : await focused.evaluate((element) => element.textContent ?? '');
      if (label.includes(text)) return;
    }
    throw new Error(`the Tab key does not lead to ${text}`);
  }

  test('a lesson is done with the keyboard, and its steps are ticked by what two programs did', async () => {
    const { page } = app;
    await bench.button('Open lessons').waitFor();
    await bench.command('open lessons');
    await page.getByRole('heading', { name: 'Your first connection' }).waitFor();
    await page.getByText('0 of 10 steps done').waitFor();
    await tabTo('2. Several clients');
    await page.keyboard.press('Enter');
    await page.getByText('0 of 5 steps done').waitFor();
    await tabTo('Hint');
    await page.keyboard.press('Enter');
    await page.getByText('The system completes a connection before the server calls accept().').waitFor();

    const folder = join(app.home, 'exercise');
    await runCli(['lesson', 'write', '2', folder]);
    const port = String(await freePort());
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), 'utf8');
      await writeFile(join(folder, name), text.replaceAll('12345', port));
    }
    const programs = ['many_server.py', 'many_clients.py'].map((name) => join(folder, name));
    const traced = await runCli(['trace', '--', 'python3', runner, ...programs], '', { home: app.home });
    expect(traced.code).toBe(0);
    await page.getByText('5 of 5 steps done').waitFor();
    expect(await page.getByRole('img', { name: 'Done', exact: true }).count()).toBe(5);
  });
});

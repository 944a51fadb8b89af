import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { shareApp } from '#support/app-suite.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

describe.each(backendsOf('generated-code'))('generated code from the window ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  shareApp(backend, (launched) => {
    ({ app, bench } = launched);
  });

  test('a saved Python client of the open server sends the payload to it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wirebench-code-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const port = await bench.launchLocalServer();
    await bench.typePayload('Hello from "Python" \u{1f40d}');
    await bench.button('Options').click();
    await bench.button('Generate code…').click();
    const dialog = app.page.getByRole('dialog', { name: 'Generate code' });
    const code = await dialog.getByLabel('Code of client.py').textContent();
    expect(code).toContain(`PORT = ${port}`);
    const file = join(folder, 'client.py');
    await app.save(file, () => dialog.getByRole('button', { name: 'Save' }).click());
    expect(readFileSync(file, 'utf8')).toBe(code);
    const { stdout } = await promisify(execFile)('python3', [file]);
    expect(stdout.trimEnd()).toBe('Message received!');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await bench.seeRow('Hello from "Python" \u{1f40d}');
  });
});

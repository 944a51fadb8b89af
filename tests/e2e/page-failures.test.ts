import { describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

describe.each(backendsOf('page-failures'))('when the page itself is in trouble ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  continueApp(backend, async (shared) => {
    ({ app, bench } = shared);
    await bench.launchLocalServer();
  });

  test('a reload loses neither the tab nor what is written in it', async () => {
    await bench.typePayload('{"half": "writ');
    await bench.seeText('Invalid JSON');
    await app.page.reload();
    await bench.button('Stop').waitFor();
    await bench.seeText('Invalid JSON');
    await bench.payload.getByText('{"half": "writ').first().waitFor();
    await bench.seeRow(/listening on/);
  });

  // How the page meets its own errors is the same in both hosts.
  if (backend.kind !== 'browser') return;

  test('a crash in one part leaves the others, and its text can be copied without the clipboard permission', async () => {
    await app.page.evaluate(() => {
      HTMLElement.prototype.showPopover = () => {
        throw new Error('a bug in this pane');
      };
      navigator.clipboard.writeText = () => Promise.reject(new Error('denied'));
    });
    await bench.button('Options').click();
    const alert = app.page.getByRole('alert').filter({ hasText: 'crashed' });
    await alert.getByText('a bug in this pane').first().waitFor();
    await bench.button('Copy error').click();
    await bench.button('Copied').waitFor();

    await app.page.evaluate(() => {
      document.execCommand = () => false;
    });
    await bench.button('Copy error').click();
    await bench.button('Copying failed').waitFor();
    await bench.button('Try again').click();
    await bench.button('Stop').click();
    await bench.seeRow(/closed/);
    const problems = app.problems.splice(0);
    expect(
      problems.every((problem) => problem.includes('a bug in this pane')),
      problems.join('\n'),
    ).toBe(true);
    expect(problems).not.toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type App, backends, launchApp } from '#support/app.ts';
import { WorkbenchPage } from '#support/workbench-page.ts';

describe.each(backends)('when the page itself is in trouble ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  beforeEach(async () => {
    app = await launchApp(backend);
    bench = new WorkbenchPage(app.page);
    await bench.launchLocalServer();
  });

  afterEach(async () => {
    await app.close();
  });

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
    await bench.button('The system refused to copy').waitFor();
    await bench.button('Try again').click();
    await bench.button('Stop').click();
    await bench.seeRow(/closed/);
  });

  test('a reload loses neither the tab nor what is written in it', async () => {
    await bench.typePayload('{"half": "writ');
    await bench.seeText('Not valid JSON');
    expect(app.problems).toEqual([]);
    await app.page.reload();
    await bench.button('Stop').waitFor();
    await bench.seeText('Not valid JSON');
    await bench.payload.getByText('{"half": "writ').first().waitFor();
    await bench.seeRow(/listening on/);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type App, browserBackend, launchApp } from '#support/app.ts';
import { startPeer } from '#support/peer.ts';
import { answerOf } from '#support/session.ts';
import { WorkbenchPage } from '#support/workbench-page.ts';

/** What an editor or a file likes to change: a byte order mark, line ends of all kinds, blanks at the ends of lines. */
const text = '\ufeffone  \r\ntwo\rthree\n\t\r\n  ';

// What outlives a run needs a home of its own and restarts.
describe('the payload that was written for an endpoint', () => {
  let home: string;
  let app: App | undefined;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  async function start(): Promise<{ readonly app: App; readonly bench: WorkbenchPage }> {
    app = await launchApp(browserBackend, home);
    return { app, bench: new WorkbenchPage(app.page) };
  }

  test('is in the composer of the next run, and reaches a Python peer byte for byte', async () => {
    await using peer = await startPeer('exact_bytes.py');
    const port = await peer.line();
    const first = await start();
    await first.bench.connect('127.0.0.1', port);
    await first.bench.button('Disconnect').waitFor();
    await first.app.page.getByRole('combobox', { name: 'Payload format' }).selectOption('text');
    const editor = first.bench.payload.getByRole('textbox').first();
    await editor.focus();
    await first.app.page.keyboard.press('ControlOrMeta+A');
    await first.app.page.evaluate((pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', `${pasted}.`);
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
    }, text);
    await first.app.page.keyboard.press('Backspace');
    // A browser does not wait for a page that is still busy with the key when it is closed.
    await first.bench.seeText(`${Buffer.byteLength(text)} B`);
    // The page is gone in the middle of a burst of changes: what is not kept yet is handed over as it closes.
    await first.app.page.close();
    await expect
      .poll(async () => {
        const { drafts } = answerOf(await first.app.client.call('drafts.list', {}));
        return drafts.map(({ bytes }) => Buffer.from(bytes).toString());
      })
      .toContain(text);
    expect(await first.app.close()).toBe(0);

    const second = await start();
    await second.bench.connect('127.0.0.1', port);
    const lineEnds = second.app.page.getByRole('combobox', { name: 'Line ends' });
    await expect.poll(() => lineEnds.inputValue()).toBe('mixed');
    await second.bench.button('Send').click();
    expect(await peer.line()).toBe(Buffer.from(text).toString('hex'));
    expect(second.app.problems).toEqual([]);
  });
});

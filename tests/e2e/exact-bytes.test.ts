import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import { type Peer, startPeer } from '#support/peer.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex');

/** Payloads that an editor likes to change, each with the kind of its line ends and a part of its row. */
const payloads = [
  ['<a>\r\n  <b/>\r\n</a>\r\n', 'crlf', '<a>'],
  ['MSH|^~\\&|LAB\rPID|1||42\r', 'cr', 'MSH'],
  ['\ufeffid;name\r\n1;Zürich\r\n', 'crlf', 'id;name'],
  ['one\r\ntwo\nthree\rfour', 'mixed', 'three'],
  ['blanks  \n\t\n  \n', 'lf', 'blanks'],
  ['unusual\u2028b\u0085c\n', 'lf', 'unusual'],
] as const;

describe.each(backendsOf('exact-bytes'))('a payload leaves as it is shown ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  let peer: Peer;

  continueApp(backend, async (launched) => {
    ({ app, bench } = launched);
    await peer?.[Symbol.asyncDispose]();
    peer = await startPeer('exact_bytes.py');
    await bench.connect('127.0.0.1', await peer.line());
    await bench.button('Disconnect').waitFor();
    await app.page.getByRole('combobox', { name: 'Payload format' }).selectOption('text');
  });

  afterAll(async () => peer?.[Symbol.asyncDispose]());

  async function selectAll(): Promise<void> {
    const editor = bench.payload.getByRole('textbox').first();
    await editor.waitFor({ state: 'attached' });
    await editor.focus();
    await app.page.keyboard.press('ControlOrMeta+A');
  }

  /** Pastes `text` as the clipboard of the system does. */
  async function paste(text: string): Promise<void> {
    await app.page.evaluate((pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
    }, text);
  }

  /** Has `text` on the clipboard of the system and pastes it by its keys, in the field with the focus, all of which is selected. */
  async function pasteFromClipboard(text: string): Promise<void> {
    await app.page.evaluate((copied) => {
      const copy = (event: ClipboardEvent) => {
        event.clipboardData?.setData('text/plain', copied);
        event.preventDefault();
      };
      addEventListener('copy', copy, { capture: true, once: true });
    }, text);
    await app.page.keyboard.press('ControlOrMeta+C');
    await app.page.keyboard.press('ControlOrMeta+V');
  }

  const lineEnds = () => app.page.getByRole('combobox', { name: 'Line ends' });
  const encoding = () => app.page.getByRole('combobox', { name: 'Encoding' });

  // Line ends are selected in the page alone, and no bytes of the reply of a server pass by the host.
  if (backend.kind === 'browser') {
    test('when it is typed, with the line ends and the byte order mark that were selected', async () => {
      await selectAll();
      await app.page.keyboard.insertText('one  ');
      await lineEnds().selectOption('crlf');
      await selectAll();
      await app.page.keyboard.press('End');
      await app.page.keyboard.press('Enter');
      await app.page.keyboard.type('two');
      await bench.button('Send').click();
      expect(await peer.line()).toBe(hex('one  \r\ntwo'));

      await lineEnds().selectOption('cr');
      await encoding().selectOption('UTF-8 with BOM');
      await bench.button('Send').click();
      expect(await peer.line()).toBe(hex('\ufeffone  \rtwo'));
    });
  }

  test('when hex is typed over other hex', async () => {
    await app.page.getByRole('combobox', { name: 'Payload format' }).selectOption('hex');
    await selectAll();
    await app.page.keyboard.type('01 02 03');
    await app.page.keyboard.press('ControlOrMeta+Home');
    await app.page.keyboard.press('Insert');
    await bench.button('Overwrite').waitFor();
    await app.page.keyboard.type('a1b2');
    await bench.button('Send').click();
    expect(await peer.line()).toBe('a1b203');
    await bench.payload.getByRole('textbox').first().focus();
    await app.page.keyboard.press('Insert');
    await bench.button('Insert').waitFor();
    await app.page.keyboard.type('ff');
    await bench.button('Send').click();
    expect(await peer.line()).toBe('a1b2ff03');
    await app.page.getByRole('combobox', { name: 'Payload format' }).selectOption('text');
  });

  test('when it is pasted, copied and pasted again, and when its page is loaded again', async () => {
    for (const [text, kind] of payloads) {
      // Also the byte order mark of the payload before goes.
      await selectAll();
      await paste(text);
      await expect.poll(() => lineEnds().inputValue()).toBe(kind);
      await bench.button('Send').click();
      expect(await peer.line()).toBe(hex(text));
    }

    await selectAll();
    await paste('mixed\r\nin\nitself\r');
    expect(await copiedText()).toBe('mixed\r\nin\nitself\r');
    await app.page.keyboard.press('ControlOrMeta+X');
    await bench.seeText('0 B');
    await app.page.keyboard.press('ControlOrMeta+V');
    await expect.poll(() => lineEnds().inputValue()).toBe('mixed');
    await bench.button('Send').click();
    expect(await peer.line()).toBe(hex('mixed\r\nin\nitself\r'));
    await bench.payload.getByText('\\r\\n').waitFor();
    await app.page.reload();
    await bench.button('Disconnect').waitFor();
    await expect.poll(() => lineEnds().inputValue()).toBe('mixed');
    await bench.button('Send').click();
    expect(await peer.line()).toBe(hex('mixed\r\nin\nitself\r'));
  });

  /** What Ctrl+C of all the text puts onto the clipboard. */
  async function copiedText(): Promise<string> {
    await selectAll();
    return app.page.evaluate(() => {
      const clipboardData = new DataTransfer();
      const event = new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
      return clipboardData.getData('text/plain');
    });
  }

  test('when it comes from a record', async () => {
    for (const [text, , part] of payloads) {
      peer.write(`${hex(text)}\n`);
      const shown = await bench.inspect(bench.rows(/→ in/).filter({ hasText: part }).last(), 'Text');
      await expect.poll(() => shown.innerText()).toContain(part);
      await app.page.getByRole('tab', { name: 'Pretty', exact: true }).click();
      await bench.button('Use as payload').click();
      await bench.button('Send').click();
      expect(await peer.line()).toBe(hex(text));
    }
  });

  test('when it comes from a file', async () => {
    const path = join(app.home, 'payload.bin');
    const text = payloads.map(([part]) => part).join('');
    await writeFile(path, text);
    await app.open(path, async () => {
      await bench.button('Samples').click();
      await app.page.getByRole('menuitem', { name: /^Send a file/ }).click();
    });
    await bench.button('Send file').click();
    expect(await peer.line()).toBe(hex(text));
  });

  if (backend.kind === 'browser') {
    test('when it is the reply of a server', async () => {
      const text = payloads.map(([part]) => part).join('');
      await bench.openServer('tcp');
      await bench.field('Port').fill('0');
      await bench.button('Options').click();
      await app.page.getByRole('combobox', { name: 'Behaviour' }).selectOption('reply');
      const reply = bench.field('Reply');
      await reply.focus();
      await app.page.keyboard.press('ControlOrMeta+A');
      await pasteFromClipboard(text);
      await expect.poll(() => lineEnds().first().inputValue()).toBe('mixed');
      await app.page.keyboard.press('Escape');
      await bench.button('Launch').click();
      const row = await bench.seeRow(/listening on 127\.0\.0\.1:\d+/);
      const port = /127\.0\.0\.1:(\d+)/.exec(await row.innerText())?.[1] ?? '';
      await using client = await startPeer('reply_client.py', port, String(Buffer.byteLength(text)));
      expect(await client.line()).toBe(hex(text));
    });
  }
});

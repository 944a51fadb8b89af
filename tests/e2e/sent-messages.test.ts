import { describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { shareApp } from '#support/app-suite.ts';
import { type Peer, startPeer } from '#support/peer.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex');

describe.each(backendsOf('sent-messages'))('sent messages ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  shareApp(backend, (launched) => {
    ({ app, bench } = launched);
  });

  const dialog = () => app.page.getByRole('dialog', { name: 'Sent messages' });
  const options = () => dialog().getByRole('option');
  const active = () => app.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');

  async function connect(peer: Peer): Promise<void> {
    await bench.connect('127.0.0.1', await peer.line());
    await bench.button('Disconnect').waitFor();
  }

  async function send(peer: Peer, format: 'text' | 'hex', text: string): Promise<string> {
    await app.page.getByRole('combobox', { name: 'Payload format' }).selectOption(format);
    await bench.typePayload(text);
    await bench.button('Send').click();
    return await peer.line();
  }

  test('are found, sent again byte for byte, compared and used as a payload', async () => {
    await using peer = await startPeer('exact_bytes.py');
    await connect(peer);
    const { keyboard } = app.page;
    expect(await send(peer, 'text', 'first of three')).toBe(hex('first of three'));
    expect(await send(peer, 'hex', '61 0d 0a 00 ff 0d 0a')).toBe('610d0a00ff0d0a');
    expect(await send(peer, 'text', 'third')).toBe(hex('third'));

    await keyboard.press('Alt+S');
    await expect.poll(() => options().count()).toBe(3);
    await options().nth(1).getByText('hex 61 0d 0a 00 ff 0d 0a').waitFor();
    await keyboard.type('0d 0a 00');
    await expect.poll(() => options().count()).toBe(1);
    await keyboard.press('ArrowDown');
    await expect.poll(active).toBe('Sent messages, the last one first');
    await keyboard.press('Enter');
    expect(await peer.line()).toBe('610d0a00ff0d0a');
    await dialog().getByText('sent 7 B to 1 peer').waitFor();
    await dialog().getByRole('button', { name: 'Show 1 newer' }).click();
    await expect.poll(() => options().count()).toBe(2);

    await dialog().getByRole('textbox', { name: 'Search' }).fill('first');
    await expect.poll(() => options().count()).toBe(1);
    await options().click();
    await dialog().getByRole('button', { name: 'Compare with editor' }).click();
    const compared = dialog().getByRole('region', { name: 'Compared messages' });
    await compared.getByText('first of three').waitFor();
    await compared.getByText('third', { exact: true }).waitFor();
    await keyboard.press('Escape');
    await expect.poll(active).toBe('Sent messages, the last one first');
    // It is left before the differences are computed.
    for (let round = 0; round < 5; round += 1) {
      await dialog().getByRole('button', { name: 'Compare with editor' }).click();
      await compared.locator('.monaco-diff-editor').waitFor({ state: 'attached' });
      await keyboard.press('Escape');
      await compared.waitFor({ state: 'detached' });
    }
    await dialog().getByRole('button', { name: 'Use as payload' }).click();
    await dialog().waitFor({ state: 'detached' });
    await bench.seeText('14 B');
    await bench.button('Send').click();
    expect(await peer.line()).toBe(hex('first of three'));
  });

  test('of a framing are sent again with it once, and unframed ones without it', async () => {
    await using peer = await startPeer('exact_bytes.py');
    const port = await peer.line();
    await bench.button('Connect to…').first().click();
    await bench.field('Host').fill('127.0.0.1');
    await bench.field('Port').fill(port);
    await app.page.getByRole('combobox', { name: 'Framing' }).selectOption('lf');
    await bench.button('Connect').click();
    await bench.button('Disconnect').waitFor();
    expect(await send(peer, 'text', 'framed')).toBe(hex('framed\n'));
    await app.page.getByRole('checkbox', { name: /^Add framing/ }).uncheck();
    expect(await send(peer, 'hex', hex('unframed\r\n'))).toBe(hex('unframed\r\n'));
    expect(await send(peer, 'hex', hex('open'))).toBe(hex('open'));

    await bench.button('Show sent messages').click();
    await expect.poll(() => options().count()).toBe(3);
    const bytes = ['open', 'unframed\r\n', 'framed\n'];
    for (const [at, text] of bytes.entries()) {
      await options().nth(at).click();
      await dialog().getByRole('button', { name: 'Send again' }).click();
      expect(await peer.line()).toBe(hex(text));
    }
  });
});

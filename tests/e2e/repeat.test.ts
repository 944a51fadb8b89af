import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import { startPeer } from '#support/peer.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

/** Notes every text of the page that matches `pattern` from now on. Returns a function that returns them. */
async function watchTexts(page: App['page'], pattern: string): Promise<() => Promise<string[]>> {
  const seen = await page.evaluateHandle((source) => {
    const texts: string[] = [];
    const look = (records: readonly MutationRecord[]) => {
      for (const { target } of records) {
        const text = target.textContent ?? '';
        if (new RegExp(source).test(text)) texts.push(text);
      }
    };
    const options = { subtree: true, childList: true, characterData: true };
    new MutationObserver(look).observe(document.body, options);
    return texts;
  }, pattern);
  return () => seen.jsonValue();
}

describe.each(backendsOf('repeat'))('a repeated send from the window ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  continueApp(backend, (launched) => {
    ({ app, bench } = launched);
  });

  /** Starts a repeated send with the keyboard. */
  async function repeat({ count, intervalMs }: { count?: number; intervalMs: number }): Promise<void> {
    await bench.button('Repeat…').press('Enter');
    const form = app.page.getByRole('dialog', { name: 'Repeated send' });
    await form.getByRole('textbox', { name: 'Interval (ms)' }).fill(String(intervalMs));
    if (count === undefined) await form.getByRole('checkbox', { name: 'Until stopped' }).check();
    else await form.getByRole('textbox', { name: 'Count' }).fill(String(count));
    await form.getByRole('textbox', { name: 'Jitter (ms)' }).press('Enter');
  }

  test('sends one payload 100 times every 20 ms, with a live counter', async () => {
    await using peer = await startPeer('count_lines.py');
    await bench.connect('127.0.0.1', await peer.line());
    await bench.seeRow(/connected to 127\.0\.0\.1:\d+/);
    await bench.typePayload('tick\n');
    const counts = await watchTexts(app.page, String.raw`^\d+ of 100, 20 ms$`);
    await repeat({ count: 100, intervalMs: 20 });
    await bench.button('Stop repeating').waitFor();
    await app.page.getByText(/^sent 100 times in \d+\.\d s$/).waitFor();
    // It counts while it sends.
    expect(new Set(await counts()).size).toBeGreaterThan(3);
    await bench.button('Repeat…').waitFor();
    await bench.button('Disconnect').click();
    const [count, lines, span] = (await peer.line()).split(' ');
    expect([count, lines]).toEqual(['100', 'tick\\n']);
    expect(Number(span)).toBeGreaterThan(1_900);
  });

  test('waits for each reply, and ends when one is missing', async () => {
    await using peer = await startPeer('pong_lines.py', '4');
    await bench.connect('127.0.0.1', await peer.line());
    await bench.seeRow(/connected to 127\.0\.0\.1:\d+/);
    await bench.typePayload('ping\n');
    await bench.button('Repeat…').click();
    const form = app.page.getByRole('dialog', { name: 'Repeated send' });
    await form.getByRole('textbox', { name: 'Interval (ms)' }).fill('10');
    await form.getByRole('combobox', { name: 'Wait for a reply' }).selectOption('Message that matches a filter');
    await form.getByRole('textbox', { name: 'Reply filter' }).fill('text contains "pong"');
    await form.getByRole('textbox', { name: 'Maximum wait (ms)' }).fill('1500');
    await form.getByRole('button', { name: 'Start' }).click();
    await app.page.getByText('5 of 100, 10 ms, 4 received').waitFor();
    await bench.seeText('The repeated send ended after 5 of 100 messages');
    await bench.seeText('no matching reply to message 5 within 1500 ms');
    await app.page.getByText(/^stopped after 5 messages, 4 received, \d+\.\d s$/).waitFor();
    await bench.button('Disconnect').click();
    expect(await peer.line()).toBe('5');
  });

  test('leaves the composer’s bar on one line, in a small window too', async () => {
    const port = await bench.launchTransport('tcp');
    const sockets = [1, 2, 3].map(() => net.connect({ port, host: '127.0.0.1' }));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    await bench.seeText('to all 3 peers');
    await app.page.getByRole('combobox', { name: 'Payload format' }).selectOption('JSON');
    await bench.button('Send anyway').waitFor();
    await repeat({ count: 1_000_000, intervalMs: 1_000 });
    await bench.button('Stop repeating').waitFor();
    await app.page.getByText(/^\d+ of 1.000.000, 1.000 ms$/).waitFor();
    const bar = app.page.getByRole('group', { name: 'Send' });
    for (const [width, height] of [
      [1_440, 900],
      [1_280, 720],
      [1_024, 700],
    ] as const) {
      await app.page.setViewportSize({ width, height });
      const lost = await bar.evaluate((element) => {
        const { left, right } = element.getBoundingClientRect();
        const parts = [...element.querySelectorAll('button, select')]
          .map((part) => part.getBoundingClientRect())
          .filter((part) => part.width > 0);
        const outside = parts.filter((part) => part.left < left || part.right > right).length;
        const covered = parts.filter((part, at) =>
          parts.slice(at + 1).some((next) => part.right > next.left + 1),
        ).length;
        const overflow = element.scrollWidth - element.clientWidth;
        return { outside, covered, overflow, height: element.clientHeight };
      });
      expect(lost, `${width} × ${height}`).toEqual({ outside: 0, covered: 0, overflow: 0, height: 39 });
    }
    await bench.button('Stop repeating').click();
    await app.page.setViewportSize({ width: 1_280, height: 800 });
    await bench.button('Stop').click();
  });

  test('goes on while the page is reloaded, which then shows it, until Stop is pressed', async () => {
    let text = '';
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => {
        text += data;
      });
    });
    onTestFinished(() => void server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await bench.connect('127.0.0.1', (server.address() as net.AddressInfo).port);
    await bench.seeRow(/connected to 127\.0\.0\.1:\d+/);
    await bench.typePayload('tock\n');
    await repeat({ intervalMs: 10 });
    await app.page.getByText(/^\d+, 10 ms$/).waitFor();
    const before = text.length;
    await app.page.reload();
    await app.page.getByText(/^\d+, 10 ms$/).waitFor();
    await expect.poll(() => text.length).toBeGreaterThan(before + 100);
    await bench.button('Stop repeating').press('Enter');
    const stopped = await app.page.getByText(/^stopped after \d+ messages/).innerText();
    const sent = Number(/\d+/.exec(stopped)?.[0]);
    await bench.button('Disconnect').click();
    await expect.poll(() => text.length).toBe(5 * sent);
  });
});

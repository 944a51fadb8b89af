import { once } from 'node:events';
import net from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

describe.each(backendsOf('follow'))('a table that follows the newest record ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;
  let peer: net.Socket;
  let sent = 0;
  let sending: NodeJS.Timeout;

  continueApp(backend, async (launched) => {
    ({ app, bench } = launched);
    stop();
    peer = net.connect({ host: '127.0.0.1', port: await bench.launchLocalServer() });
    peer.resume();
    await once(peer, 'connect');
    sent = 0;
    sending = setInterval(() => peer.write(`message ${sent++}`), 5);
    // More than the table has room for.
    await expect.poll(newest).toBeGreaterThan(100);
  });

  afterAll(stop);

  function stop(): void {
    clearInterval(sending);
    peer?.destroy();
  }

  const pill = (name = /^[\d\s\u202f]+ new$/) => bench.page.getByRole('button', { name });

  /** The highest number of a message in sight. */
  async function newest(): Promise<number> {
    const texts = await bench.rows(/message \d+/).allInnerTexts();
    return Math.max(...texts.map((text) => Number(/message (\d+)/.exec(text)?.[1] ?? -1)));
  }

  /** Waits until what is sent from now on is in sight. A table that has stopped shows a pill instead. */
  async function seeNewest(after: string): Promise<void> {
    const next = sent;
    await expect.poll(newest, { message: `following after ${after}` }).toBeGreaterThan(next);
    expect(await pill().count(), `the pill after ${after}`).toBe(0);
  }

  test('goes on following when the window, the panes or the theme change', async () => {
    const sizes = [
      [1280, 1100],
      [1000, 700],
      [1600, 1200],
      [700, 900],
      [1280, 560],
      [1280, 1000],
    ] as const;
    for (const [width, height] of sizes) {
      await app.page.setViewportSize({ width, height });
      await seeNewest(`a window of ${width} × ${height}`);
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme });
      await seeNewest(`the ${colorScheme} theme`);
    }
    for (const key of ['J', 'I', 'J', 'I']) {
      await app.page.keyboard.press(`ControlOrMeta+${key}`);
      await seeNewest(`the pane of ${key}`);
    }
  });

  test('stops when a person scrolls up, wherever the window goes then, and goes on at the end', async () => {
    await bench.traffic.hover();
    await app.page.mouse.wheel(0, -400);
    // Until there is more below the table than it grows by: a table that grows to the end follows again.
    await pill(/^(?:\d{3}|[\d\s\u202f]{5,}) new$/).waitFor();
    await app.page.setViewportSize({ width: 1280, height: 1000 });
    await app.page.setViewportSize({ width: 1280, height: 700 });
    await pill().waitFor();
    await pill().click();
    await seeNewest('the pill');
  });
});

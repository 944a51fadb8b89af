import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

describe.each(backendsOf('window'))('the window ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  continueApp(backend, (launched) => {
    ({ app, bench } = launched);
  });

  const sidebar = () => app.page.getByRole('navigation', { name: 'Endpoints' });
  const actionsOf = () => sidebar().getByRole('button', { name: /^Actions for 127\.0\.0\.1:\d+$/ });

  /** Connects once, and ends; gives the port it came from. */
  async function visit(port: number): Promise<number> {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.resume();
    await once(socket, 'connect');
    const from = socket.localPort ?? 0;
    socket.end();
    await once(socket, 'close');
    return from;
  }

  test('puts the focus into the address of a new connection, all of it selected', async () => {
    const chosen = () =>
      app.page.evaluate(() => {
        const field = document.activeElement;
        if (!(field instanceof HTMLInputElement)) return field?.tagName ?? '';
        return `${field.dataset.focus}: ${field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0)}`;
      });
    await bench.button('Launch local server').waitFor();
    for (let nth = 0; nth < 2; nth += 1) {
      await app.page.keyboard.press('ControlOrMeta+N');
      await expect.poll(chosen).toBe('host: 127.0.0.1');
      await app.page.keyboard.type(`device${nth}`);
      expect(await bench.field('Host').inputValue()).toBe(`device${nth}`);
    }
    // From the palette too, which gives the focus back first.
    await bench.command('connect to');
    await expect.poll(chosen).toBe('host: 127.0.0.1');
    // A tab that is shown again is left as it was.
    await app.page.getByRole('tab').first().click();
    expect(await chosen()).toBe('BUTTON');
  });

  test('finds a framing by the name of its protocol, typed as soon as the list opens', async () => {
    await app.page.keyboard.press('ControlOrMeta+N');
    await bench.button('Search framings').click();
    await app.page.keyboard.type('modbus');
    await app.page.keyboard.press('Enter');
    await expect.poll(() => app.page.getByRole('dialog', { name: 'Search framings' }).count()).toBe(0);
    const framing = app.page.getByRole('combobox', { name: 'Framing', exact: true }).first();
    expect(await framing.inputValue()).toBe('length');
  });

  test('keeps the side bar short when peers come and go, and clears them on demand', async () => {
    const port = await bench.launchTransport('tcp');
    const stays = net.connect({ port, host: '127.0.0.1' });
    await once(stays, 'connect');
    const ports: number[] = [];
    for (let nth = 0; nth < 6; nth += 1) ports.push(await visit(port));
    const more = sidebar().getByRole('button', { name: `3 disconnected peers of server :${port}` });
    await more.waitFor();
    // Who is connected comes first, then the last three that were.
    const peers = async () => {
      const labels = await actionsOf().evaluateAll((found) => found.map((one) => one.getAttribute('aria-label') ?? ''));
      return labels.map((label) => Number(/\d+$/.exec(label)?.[0]));
    };
    const newest = ports.slice(3).reverse();
    await expect.poll(peers).toEqual([stays.localPort, ...newest]);
    await sidebar().getByTitle(`127.0.0.1:${newest[0]}: closed by the peer (FIN)`).waitFor();

    await more.focus();
    await app.page.keyboard.press('Enter');
    await expect.poll(peers).toEqual([stays.localPort, ...ports.toReversed()]);
    await app.page.keyboard.press('Tab');
    await app.page.keyboard.press('Enter');
    await expect.poll(peers).toEqual([stays.localPort]);
    expect(await sidebar().evaluate((nav) => nav === document.activeElement), 'the focus stays here').toBe(true);
    // Only the list forgets them.
    await bench.applyFilter('kind == accepted');
    for (const from of ports) await bench.seeRow(`accepted 127.0.0.1:${from}`);
    stays.destroy();
  });
});

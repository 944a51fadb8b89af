import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

describe.each(backendsOf('endpoints'))('servers and clients with options ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;
  const sockets: net.Socket[] = [];

  continueApp(backend, (launched) => {
    ({ app, bench } = launched);
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  const search = () => app.page.getByRole('searchbox', { name: 'Search options' });
  const option = (name: string) => app.page.getByRole('dialog', { name: 'Options' }).getByLabel(name, { exact: true });

  /** Finds an option by what is typed into the search, and gives its control. */
  async function findOption(text: string, name: string) {
    await search().fill(text);
    return option(name);
  }

  async function closeOptions(): Promise<void> {
    await search().fill('');
    await app.page.keyboard.press('Escape');
    await app.page.getByRole('dialog', { name: 'Options' }).waitFor({ state: 'detached' });
  }

  /** Launches a server that is silent, with a backlog of 7 and keep-alive, all found by the search. */
  async function launchServer(): Promise<number> {
    await bench.button('Launch server').first().click();
    await bench.field('Port').fill('0');
    await bench.button('Options').click();
    await (await findOption('listen queue', 'Backlog')).fill('7');
    await (await findOption('SO_KEEPALIVE', 'Keep-alive probes (SO_KEEPALIVE)')).check();
    await (await findOption('behaviour', 'Behaviour')).selectOption('silent');
    await closeOptions();
    await bench.button('Launch').click();
    const row = await bench.seeRow(/listening on 127\.0\.0\.1:\d+, backlog 7/);
    return Number(/listening on 127\.0\.0\.1:(\d+)/.exec(await row.innerText())?.[1]);
  }

  async function connectPeer(port: number) {
    const socket = net.connect({ port, host: '127.0.0.1' });
    sockets.push(socket);
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    socket.on('error', () => {});
    await once(socket, 'connect');
    await bench.seeRow(`accepted 127.0.0.1:${socket.localPort}`);
    return { socket, port: socket.localPort ?? 0, received: () => received };
  }

  async function doToPeer(port: number, name: string): Promise<void> {
    await bench.button(`Actions for 127.0.0.1:${port}`).click();
    await app.page.getByRole('menuitem', { name }).click();
  }

  const numberOf = async (text: string | RegExp) => {
    const cells = (await bench.seeRow(text)).locator('[data-cell="seq"]');
    return Number((await cells.innerText()).replace(/\D/g, ''));
  };

  test('a server opens with the options that were chosen, and its framing changes while peers are connected', async () => {
    const port = await launchServer();
    const peer = await connectPeer(port);
    peer.socket.write('one\ntwo\n');
    await bench.seeRow(/one.*two/);

    await app.page.getByRole('combobox', { name: 'Framing', exact: true }).selectOption('lf');
    await bench.seeRow('framing is line from here on');
    peer.socket.write('three\nfour\n');
    await bench.seeRow(/three/);
    await expect.poll(() => bench.rows(/three|four/).count()).toBe(2);
    await bench.seeText('Add framing (line feed at the end)');

    await bench.button('Options').click();
    expect(await (await findOption('backlog', 'Backlog')).isDisabled()).toBe(true);
    const name = await findOption('tabs', 'Name');
    await name.fill('lines');
    await name.press('Enter');
    await app.page.getByRole('tab', { name: /lines/ }).waitFor();
    await closeOptions();

    // One peer alone gets a different framing, from its menu.
    await doToPeer(peer.port, 'Change framing…');
    const dialog = app.page.getByRole('dialog', { name: `Framing of 127.0.0.1:${peer.port}` });
    await dialog.getByRole('combobox', { name: 'Framing', exact: true }).selectOption('json');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await bench.seeRow('framing is json from here on');
  });

  test('a framing that stopped at bytes that do not fit is begun again without reconnecting', async () => {
    const port = await launchServer();
    const peer = await connectPeer(port);
    const dialog = app.page.getByRole('dialog', { name: `Framing of 127.0.0.1:${peer.port}` });
    await doToPeer(peer.port, 'Change framing…');
    await dialog.getByRole('combobox', { name: 'Framing', exact: true }).selectOption('json');
    await dialog.getByLabel('Malformed data').selectOption('stop');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await bench.seeRow('framing is json from here on');
    peer.socket.write('oops\n');
    await bench.seeRow(/invalid json at received byte 0.*recorded as reads until a framing is applied again/);

    await doToPeer(peer.port, 'Change framing…');
    await dialog.getByText('Framing stopped at bytes that do not match it; Apply restarts it.').waitFor();
    await dialog.getByLabel('Malformed data').selectOption('resynchronise');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => bench.rows('framing is json from here on').count()).toBe(2);
    peer.socket.write('[1][2]');
    await expect.poll(() => bench.rows(/\[[12]\]/).count()).toBe(2);
  });

  test('reading stops and goes on, and what came meanwhile arrives then', async () => {
    const port = await launchServer();
    const peer = await connectPeer(port);
    await doToPeer(peer.port, 'Stop reading');
    await bench.seeRow(/recv\(\) paused/);
    await bench.seeText('not reading');
    await new Promise<void>((done) => peer.socket.write('late', () => done()));
    await doToPeer(peer.port, 'Resume reading');
    await bench.seeRow('late');
    expect(await numberOf('late')).toBeGreaterThan(await numberOf('recv() resumed'));
  });

  test('a file is sent as it is, and a send at a pace is called off', async () => {
    const port = await launchServer();
    const peer = await connectPeer(port);
    const path = join(app.home, 'big.bin');
    const size = 3_000_000;
    await writeFile(path, Buffer.alloc(size, 7));
    await bench.button('Samples').click();
    await app.open(path, () => app.page.getByRole('menuitem', { name: 'Send a file…' }).click());
    await bench.button('Send file').click();
    await bench.seeText(/sent 3.000.000 B to 1 peer/);
    await expect.poll(peer.received).toBe(size);

    await bench.button('Send the text instead').click();
    await bench.typePayload('slowly '.repeat(40));
    await app.page.getByTitle('Send timing: rate limit and chunks').click();
    await bench.field('Rate limit (bytes/s)').fill('5');
    await app.page.keyboard.press('Escape');
    await bench.seeText('5 B/s');
    await bench.button('Send').click();
    await app.page.getByRole('progressbar', { name: 'Sent so far' }).waitFor();
    await bench.button('Cancel').click();
    await bench.seeText(/cancelled after [\d\u202f]+ B/);
  });
});

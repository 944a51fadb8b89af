import { once } from 'node:events';
import net from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

/** A raw connection of the test's own that keeps what it receives. */
interface RawPeer {
  readonly socket: net.Socket;
  /** Its own port: how the workbench calls it. */
  readonly port: number;
  readonly received: () => string;
}

describe.each(backendsOf('daily-work'))('daily work ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;
  const sockets: net.Socket[] = [];

  continueApp(backend, (launched) => {
    ({ app, bench } = launched);
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  async function connectPeer(port: number): Promise<RawPeer> {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    await once(socket, 'connect');
    const own = socket.localPort ?? 0;
    await bench.seeRow(`accepted 127.0.0.1:${own}`);
    return { socket, port: own, received: () => text };
  }

  /** Opens the menu of a peer in the side bar and does what its item `name` says. */
  async function doToPeer({ port }: RawPeer, name: RegExp): Promise<void> {
    await bench.button(`Actions for 127.0.0.1:${port}`).click();
    await app.page.getByRole('menuitem', { name }).click();
  }

  // First, as it compares all records of the session.
  test('a saved session is opened again, read-only, with the same records', async () => {
    const port = await bench.launchTransport('tcp');
    const peer = await connectPeer(port);
    peer.socket.write('{"kept":true}');
    await bench.seeRow('Message received!');
    const path = join(app.home, 'kept.wirebench');
    await bench.button('Save session…').click();
    await app.save(path, () => bench.button('Save').click());
    const before = await bench.traffic.getByRole('row').allInnerTexts();

    await app.open(path, () => bench.button('Open session…').click());
    await bench.seeText(/opened read-only/);
    const tree = await bench.inspect(await bench.seeRow('{"kept":true}'), 'Pretty');
    await tree.getByRole('treeitem').filter({ hasText: 'kept' }).waitFor();
    expect(await bench.traffic.getByRole('row').allInnerTexts()).toEqual(before);
    expect(await bench.button('Send').count()).toBe(0);
  });

  test('the echo demo shows each call of both sides in one click, and arrow keys walk them', async () => {
    await bench.button('New tab').click();
    await bench.button('Try the echo demo').click();
    await app.page.getByRole('complementary', { name: 'Guide' }).waitFor();
    await bench.seeRow(/listening on 127\.0\.0\.1:\d+/);
    await bench.seeRow(/accepted 127\.0\.0\.1:\d+/);
    await bench.seeRow(/connected to 127\.0\.0\.1:\d+/);
    await bench.rows(/echo client.*→ in.*Ada Lovelace|echo client.*→ in.*"user"/).waitFor();
    await expect.poll(() => bench.rows(/"user"/).count()).toBe(4);

    const panel = app.page.getByRole('tabpanel', { name: 'Calls', exact: true });
    await panel.getByText('server_socket.listen(5)').first().waitFor();
    await app.page.keyboard.press('ArrowDown');
    await panel
      .getByText(/client_socket\.connect/)
      .first()
      .waitFor();
    const tree = await bench.inspect(bench.rows(/→ in.*"user"/).last(), 'Pretty');
    await tree.getByRole('treeitem').filter({ hasText: 'Ada Lovelace' }).waitFor();
  });

  test('a message with a damaged checksum is marked and found, and both checksums are shown', async () => {
    await bench.button('Launch server').click();
    await bench.field('Port').fill('0');
    await bench.button('Options').click();
    const options = app.page.getByRole('dialog', { name: 'Options' });
    await options.getByRole('combobox', { name: 'Framing', exact: true }).selectOption('lf');
    await options.getByRole('textbox', { name: 'Checksum of received messages' }).fill('nmea');
    await app.page.keyboard.press('Escape');
    await bench.button('Launch').click();
    const row = await bench.seeRow(/listening on 127\.0\.0\.1:\d+/);
    const peer = await connectPeer(Number(/127\.0\.0\.1:(\d+)/.exec(await row.innerText())?.[1]));
    peer.socket.write('$GPGGA*56\n$GPGGA*57\n');

    await (await bench.seeRow('$GPGGA*56')).getByRole('img', { name: 'checksum ok' }).waitFor();
    await (await bench.seeRow('$GPGGA*57')).getByRole('img', { name: 'checksum bad' }).waitFor();
    await bench.applyFilter('checksum == bad');
    await bench.rows('$GPGGA*56').waitFor({ state: 'detached' });
    await bench.inspect(await bench.seeRow('$GPGGA*57'), 'Text');
    await bench.inspector.getByText('Checksum nmea bad: 57, expected 56').waitFor();
    await app.page.keyboard.press('ControlOrMeta+F');
    await bench.button('Clear filter').click();
  });

  test('a message goes to some of three peers, and the composer says to which before', async () => {
    const port = await bench.launchTransport('tcp');
    const peers = [await connectPeer(port), await connectPeer(port), await connectPeer(port)] as const;
    await bench.button('to all 3 peers').click();
    await app.page.getByRole('checkbox', { name: `127.0.0.1:${peers[0].port}` }).uncheck();
    await app.page.keyboard.press('Escape');
    const [, second, third] = peers;
    await bench.button(`to :${second.port} and :${third.port}, 2 of 3 peers`).waitFor();
    await app.page.getByRole('combobox', { name: 'Payload format' }).selectOption('text');
    await bench.typePayload('for two of you');
    await bench.button('Send').click();
    await bench.seeText('sent 28 B to 2 peers');
    await expect.poll(() => bench.rows(/out ←.*for two of you/).count()).toBe(2);

    await doToPeer(peers[0], /Send to this peer only/);
    await bench.button(`to 127.0.0.1:${peers[0].port}`).waitFor();
    await bench.button('Send').click();
    await bench.seeText('sent 14 B to 1 peer');
    await expect.poll(() => peers.map(({ received }) => received())).toEqual(Array(3).fill('for two of you'));
  });

  test('a peer is half-closed, closed and reset from the side bar', async () => {
    const port = await bench.launchTransport('tcp');
    const halved = await connectPeer(port);
    const ended = once(halved.socket, 'end');
    await doToPeer(halved, /Shut down writing/);
    await ended;
    await bench.button(`half-closed :${halved.port} half-closed`).waitFor();
    halved.socket.write('I may still send');
    await bench.seeRow('I may still send');

    const closed = await connectPeer(port);
    const end = once(closed.socket, 'end');
    await doToPeer(closed, /^Close/);
    await end;

    const reset = await connectPeer(port);
    const error = once(reset.socket, 'error');
    await doToPeer(reset, /Reset/);
    expect(await error).toMatchObject([{ code: 'ECONNRESET' }]);
    await bench.seeRow(/reset locally \(RST\)/);
  });

  test('keys alone launch a server, write a payload and send it', async () => {
    const { keyboard } = app.page;
    await bench.command('launch server');
    await app.page.getByRole('combobox', { name: 'Transport' }).waitFor();
    await keyboard.press('ControlOrMeta+L');
    await app.page.locator('input:focus').waitFor();
    await keyboard.press('Tab');
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type('0');
    await keyboard.press('Enter');
    const row = await bench.seeRow(/listening on 127\.0\.0\.1:\d+/);
    const peer = await connectPeer(Number(/127\.0\.0\.1:(\d+)/.exec(await row.innerText())?.[1]));

    await bench.payload.getByRole('textbox').first().waitFor({ state: 'attached' });
    await bench.command('focus payload');
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type('typed, not clicked');
    await keyboard.press('ControlOrMeta+Enter');
    await expect.poll(peer.received).toBe('typed, not clicked');
    await bench.seeText('sent 18 B to 1 peer');
    // Tab belongs to the editor; Escape leads out of it.
    await keyboard.press('Escape');
    await keyboard.press('Enter');
    await expect.poll(peer.received).toBe('typed, not clickedtyped, not clicked');
    // The peer may have it before the table shows it.
    await expect.poll(() => bench.traffic.getByRole('row').filter({ hasText: 'typed, not clicked' }).count()).toBe(2);

    await bench.command('focus traffic');
    await app.page.locator('[role="grid"]:focus').waitFor();
    await keyboard.press('Home');
    await keyboard.press('End');
    await app.page.getByRole('row', { selected: true }).filter({ hasText: 'typed, not clicked' }).waitFor();
  });
});

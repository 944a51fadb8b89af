import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import { startPeer } from '#support/peer.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

describe.each(backendsOf('bad-input'))('what goes wrong is said, and the next action works ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  continueApp(backend, (launched) => {
    ({ app, bench } = launched);
  });

  /** A raw connection of the test's own to a server of the workbench. */
  async function peerOf(port: number): Promise<net.Socket> {
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {});
    await bench.seeRow(/accepted/);
    return socket;
  }

  test('a port in use: who holds it, and a free one in one click', async () => {
    await using holder = await startPeer('full_queue.py');
    const port = await holder.line();
    await bench.field('Port').fill(port);
    await bench.button('Launch local server').click();
    await bench.seeText(`Could not listen on 127.0.0.1:${port}`);
    await bench.seeText(/EADDRINUSE/);
    await app.page.getByRole('button', { name: /^Use port \d+$/ }).click();
    await bench.seeRow(/listening on 127\.0\.0\.1:\d+/);
  });

  test('a name that does not resolve, then a refused port, then one that works', async () => {
    await bench.connect('no-such-host.invalid', 12_345);
    await bench.seeText('Could not connect to no-such-host.invalid:12345');
    await bench.seeText(/getaddrinfo\(\)/);

    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await bench.field('Host').fill('127.0.0.1');
    await bench.field('Port').fill(String(port));
    await bench.button('Connect').click();
    await bench.seeText(`Could not connect to 127.0.0.1:${port}`);
    await bench.seeText(/ECONNREFUSED/);

    server.listen(port, '127.0.0.1');
    await bench.button('Connect').click();
    await bench.button('Disconnect').waitFor();
    await bench.button('Disconnect').click();
    await bench.button('Connect').waitFor();
    server.close();
  });

  test('a reset by the peer ends the connection and says so', async () => {
    const port = await bench.launchTransport('tcp');
    const peer = await peerOf(port);
    peer.resetAndDestroy();
    await bench.seeRow(/ECONNRESET/);
    await bench.seeRow(/closed.*reset|reset/);
    (await peerOf(port)).end('still here');
    await bench.seeRow('still here');
  });

  test('invalid JSON is marked with line and reason, and can be sent on purpose', async () => {
    const port = await bench.launchTransport('tcp');
    const peer = await peerOf(port);
    const received = new Promise<string>((resolve) => peer.once('data', (chunk) => resolve(String(chunk))));
    await bench.typePayload('{"broken": ');
    await bench.button('Send anyway').waitFor();
    await bench.seeText(/line 1, column 12/);
    await bench.button('Send anyway').click();
    expect(await received).toBe('{"broken": ');
    await bench.seeRow('{"broken":');
    peer.end();
  });

  test('bytes that are no text, NUL bytes and markup are shown as what they are', async () => {
    const port = await bench.launchTransport('tcp');
    const peer = await peerOf(port);
    peer.write(Buffer.from('<script>document.title="owned"</script><img src=x onerror=alert(1)>'));
    const markup = await bench.seeRow('<script>document.title="owned"</script>');
    const text = await bench.inspect(markup, 'Text');
    await expect.poll(() => text.innerText()).toContain('<img src=x onerror=alert(1)>');
    await bench.seeRow('Message received!');

    peer.write(Buffer.from([0x00, 0xff, 0xfe, 0x41, 0x00]));
    const binary = await bench.seeRow('\\0');
    const hex = await bench.inspect(binary, 'Hex');
    await expect.poll(() => hex.innerText()).toMatch(/00 ff fe 41\s+00/);
    expect(await app.page.title()).toContain('Wirebench');
    expect(await app.page.locator('img[src="x"]').count()).toBe(0);
    peer.end();
  });

  test('a line of 64 MB without an end is recorded in pieces, and the window stays usable', async () => {
    await bench.openServer('tcp');
    await bench.field('Port').fill('0');
    await bench.button('Options').click();
    await app.page
      .getByRole('dialog', { name: 'Options' })
      .getByRole('combobox', { name: 'Framing', exact: true })
      .selectOption('lf');
    await app.page.keyboard.press('Escape');
    await bench.button('Launch').click();
    const listening = await bench.seeRow(/listening on/);
    const peer = await peerOf(Number(/listening on 127\.0\.0\.1:(\d+)/.exec(await listening.innerText())?.[1]));
    const block = Buffer.alloc(1_048_576, 'x');
    for (let sent = 0; sent < 64; sent += 1) {
      if (!peer.write(block)) await new Promise((resolve) => peer.once('drain', resolve));
    }
    await bench.seeRow(/maxMessage/);
    peer.end();
    await bench.seeRow(/closed/);
    await bench.button('Stop').click();
    await bench.button('Launch').waitFor();
  });
});

import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import { Peer, startPeer } from '#support/peer.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

describe.each(backendsOf('transports'))('every transport from the form, with real peers ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  continueApp(backend, (launched) => {
    ({ app, bench } = launched);
  });

  test('TLS: the certificate made on the spot is shown, not believed, then trusted by its fingerprint', async () => {
    const port = await bench.launchTransport('tls');
    await using python = await startPeer('tls_echo_client.py', String(port));
    expect(await python.line()).toBe('TLSv1.3');
    expect(await python.line()).toBe('Message received!');
    await bench.seeRow('Hello over TLS');

    await bench.openClient('tls', port);
    await bench.button('Connect').click();
    await bench.seeText('DEPTH_ZERO_SELF_SIGNED_CERT');
    await bench.button('Trust this certificate').click();
    await bench.seeRow(/trusted by its fingerprint/);
    await app.page.getByRole('button', { name: /TLSv1\.3/ }).click();
    const agreement = app.page.getByRole('dialog', { name: 'TLS parameters' });
    await expect.poll(() => agreement.innerText()).toMatch(/localhost/);
    await app.page.keyboard.press('Escape');
    await bench.typePayload('{"over":"TLS"}');
    await bench.button('Send').click();
    await bench.seeText(/sent 14 B to 1 peer/);
    await bench.seeRow('Message received!');
  });

  test('UDP: peers are UDP peers, and a message goes to one of them', async () => {
    const port = await bench.launchTransport('udp', /bound to 127\.0\.0\.1:(\d+)/);
    await using python = await startPeer('udp_client.py', String(port), 'first datagram');
    expect(await python.line()).toBe('Message received!');
    await bench.seeRow('first datagram');
    await bench.seeRow(/new peer 127\.0\.0\.1:\d+/);
  });

  test('a local socket: its path instead of host and port', async () => {
    const path = join(app.home, 'local.sock');
    await bench.openServer('local');
    await bench.field('Path').fill(path);
    await bench.button('Launch').click();
    await bench.seeRow(`listening on ${path}`);
    await using ncat = new Peer('ncat', ['-U', path]);
    ncat.write('Hello, path!');
    await bench.seeRow('Hello, path!');
    await bench.seeRow('Message received!');
  });

  test('WebSocket: text and binary messages come whole, and the end says its code', async () => {
    const port = await bench.launchTransport('ws');
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    await once(socket, 'open');
    socket.send('a text message');
    expect(String((await once(socket, 'message'))[0])).toBe('Message received!');
    socket.send(Buffer.from([0, 1, 2]));
    await once(socket, 'message');
    socket.close(1000, 'done');
    await bench.seeRow('a text message');
    await bench.seeRow(/WebSocket handshake done/);
    await bench.seeRow(/closed.*1000/);
  });

  test('a server that does not accept says so, and takes who waited when it does again', async () => {
    const port = await bench.launchTransport('tcp');
    await app.page.getByRole('button', { name: 'Stop accepting' }).click();
    await bench.seeRow(/accept\(\) paused/);
    await using python = await startPeer('course_client.py', '127.0.0.1', String(port));
    await app.page.getByRole('button', { name: 'Resume accepting' }).click();
    expect(await python.rest()).toContain('Response from server: Message received!');
  });

  test('a client that reconnects shows when, and is called off', async () => {
    await bench.openClient('tcp', 9);
    await bench.button('Options').click();
    await app.page.getByRole('searchbox', { name: 'Search options' }).fill('reconnect');
    const options = app.page.getByRole('dialog', { name: 'Options' });
    await options.getByRole('combobox', { name: 'When the connection is lost' }).selectOption('fixed');
    await options.getByRole('textbox', { name: 'Delay (ms)' }).fill('600000');
    await app.page.keyboard.press('Escape');
    await app.page.keyboard.press('Escape');
    await bench.button('Connect').click();
    await bench.seeText(/attempt 1/);
    await bench.button('Stop reconnecting').click();
    await bench.seeText(/closed locally/);
  });
});

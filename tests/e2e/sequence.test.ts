import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { shareApp } from '#support/app-suite.ts';
import { Cli } from '#support/cli.ts';
import { freePort } from '#support/raw-server.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

/** The client and the server of the course, word for word but for the port. */
const clientLines = [
  ...['# Client side', 'import socket', '', '# Create a TCP/IP socket'],
  ...['client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)', ''],
  ...["# Connect the socket to the server's address and port", "client_socket.connect(('127.0.0.1', 12345))", ''],
  ...['# Send data to the server', 'data = b"Hello, server!"', 'client_socket.send(data)', ''],
  ...['# Receive a response from the server', 'response = client_socket.recv(1024)'],
  ...['print("Response from server:", response.decode())', '', '# Close the connection', 'client_socket.close()'],
];
const serverLines = [
  ...['# Server side', 'import socket', '', '# Create a TCP/IP socket'],
  ...['server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)', ''],
  ...['# Bind the socket to the address and port', "server_socket.bind(('127.0.0.1', 12345))", ''],
  ...['# Listen for incoming connections', 'server_socket.listen(5)', ''],
  ...['# Accept a connection', 'client_socket, client_address = server_socket.accept()', ''],
  ...['# Receive data from the client', 'received_data = client_socket.recv(1024)'],
  ...['print("Received:", received_data.decode())', '', '# Send a response back to the client'],
  ...['response = b"Message received!"', 'client_socket.send(response)', '', '# Close the connection'],
  ...['client_socket.close()', 'server_socket.close()'],
];

const pictures = process.env.SEQUENCE_PICTURES;

describe.each(backendsOf('sequence'))('the sequence, $name', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  shareApp(backend, (shared) => {
    ({ app, bench } = shared);
  });

  /** Traces one of the programs, on `port`, joined to the running app. */
  async function trace(name: 'client.py' | 'server.py', port: number): Promise<Cli> {
    const folder = await mkdtemp(join(app.home, 'program-'));
    const path = join(folder, name);
    const lines = name === 'client.py' ? clientLines : serverLines;
    await writeFile(path, `${lines.join('\n').replace('12345', String(port))}\n`);
    return new Cli(['trace', '--', 'python3', path], { home: app.home });
  }

  /** The texts of the picture: of calls, and of arrows. */
  async function texts(): Promise<readonly string[]> {
    const all = await app.page.getByRole('grid', { name: 'Sequence of calls' }).locator('svg text').allTextContents();
    // A call shows its duration if it took long, which any call may on a busy machine.
    return all.map((text) => text.replace(/\s+/g, ' ').replace(/^(\w+\.py:\d+) · [\d.]+ (?:µs|ms|s) /, '$1 '));
  }

  async function seeTexts(...wanted: readonly (string | RegExp)[]): Promise<void> {
    for (const part of wanted) {
      await expect
        .poll(
          async () =>
            (await texts()).filter((text) => (part instanceof RegExp ? part.test(text) : text.includes(part))),
          {
            message: String(part),
          },
        )
        .not.toEqual([]);
    }
  }

  /** Shows all records as a sequence, in a window without other panes. */
  async function showSequence(): Promise<void> {
    await app.page.setViewportSize({ width: 1440, height: 1000 });
    for (const pane of ['composer', 'side bar', 'inspector']) await bench.command(`Toggle ${pane}`);
    await app.page.getByRole('radio', { name: 'All', exact: true }).check({ force: true });
    await app.page.getByRole('radio', { name: 'Sequence' }).check({ force: true });
  }

  async function picture(name: string): Promise<void> {
    if (pictures !== undefined) await app.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  it('shows both ends of two traced programs, and the line of each that is at work', async () => {
    const port = await freePort();
    await bench.launchLocalServer();
    await showSequence();
    await using server = await trace('server.py', port);
    await seeTexts(/^listen\(5\)/, /accept\(\) …/);
    await using client = await trace('client.py', port);
    expect((await client.end()).code).toBe(0);
    expect((await server.end()).code).toBe(0);
    await seeTexts(`bind(:${port}) server.py:8`, 'listen(5) server.py:11', /^accept\(\) server\.py:14 · /);
    await seeTexts(new RegExp(`client\\.py:8( · [^ ]+ ms)? connect\\(:${port}\\)`), 'client.py:12 send(14) = 14');
    await seeTexts(/^14 B Hello, server!/, /^17 B Message received!/, 'SYN', 'SYN, ACK', 'FIN', 'new socket');
    await seeTexts('recv(1024) = 14 server.py:17', 'send(17) = 17 server.py:22', /client\.py:15.* recv\(1024\) = 17/);
    await seeTexts('close() server.py:25', 'client.py:19 close()', 'close() server.py:26');
    const grid = app.page.getByRole('grid', { name: 'Sequence of calls' });
    const source = app.page.getByRole('region', { name: 'Source of both ends' });
    await grid.focus();
    await grid.press('Home');
    // Down steps through the calls of both: each line that makes one is the current one of its end at some point.
    const seen = new Set<string>();
    const lines = [...[5, 8, 12, 15, 19].map((line) => `client.py ${line}`)];
    lines.push(...[5, 8, 11, 14, 17, 22, 25, 26].map((line) => `server.py ${line}`));
    await expect
      .poll(async () => {
        for (const text of await source.locator('> div').allInnerTexts()) {
          const file = /(?:client|server)\.py/.exec(text)?.[0];
          const current = await source
            .locator('> div', { hasText: file ?? '' })
            .locator('[aria-current="step"] > span')
            .allInnerTexts();
          for (const line of current) seen.add(`${file} ${line}`);
        }
        await grid.press('ArrowDown');
        return lines.filter((line) => !seen.has(line));
      })
      .toEqual([]);
    await picture('two-traced');
  });

  it('shows a traced client and a server of Wirebench', async () => {
    const port = await bench.launchLocalServer();
    await showSequence();
    await using client = await trace('client.py', port);
    expect((await client.end()).code).toBe(0);
    await seeTexts(`socket() · bind(:${port}) · listen(`, /^accept\(\)/, 'client.py:12 send(14) = 14', 'recv() = 14');
    await seeTexts(
      /^14 B Hello, server!/,
      'send(17) = 17',
      /^17 B Message received!/,
      'client.py:19 close()',
      'close()',
    );
    await picture('own-server');
  });

  it('shows a client of Wirebench and a traced server', async () => {
    const port = await freePort();
    await using server = await trace('server.py', port);
    await bench.connect('127.0.0.1', port);
    await bench.seeRow(/connected to 127\.0\.0\.1/);
    await showSequence();
    await bench.command('Toggle composer');
    await bench.typePayload('Hello, server!');
    await bench.button('Send').click();
    await bench.command('Toggle composer');
    expect((await server.end()).code).toBe(0);
    await seeTexts(`connect(:${port})`, 'send(14) = 14', 'accept() server.py:14', 'recv(1024) = 14 server.py:17');
    await seeTexts(/^14 B Hello, server!/, /^17 B Message received!/, 'close() server.py:25', 'close() server.py:26');
    await picture('own-client');
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type App, browserBackend } from '#support/app.ts';
import { shareApp } from '#support/app-suite.ts';
import { builtCli } from '#support/cli.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

const serverSource = `import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("127.0.0.1", 0))
server.listen(5)
print(server.getsockname()[1], flush=True)
connection, address = server.accept()
data = connection.recv(1024)
connection.send(b"Message received!")
connection.recv(1024)
connection.close()
server.close()
`;

const clientSource = `import socket
import sys

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(("127.0.0.1", int(sys.argv[1])))
client.send(b"Hello, server!")
print(client.recv(1024).decode(), flush=True)
sys.stdin.readline()
client.close()
`;

describe('traced programs', () => {
  let app: App;
  let bench: WorkbenchPage;
  shareApp(browserBackend, (shared) => {
    ({ app, bench } = shared);
  });

  beforeEach(async () => {
    await writeFile(join(app.home, 'server.py'), serverSource);
    await writeFile(join(app.home, 'client.py'), clientSource);
  });

  /** Runs a Python program of the app's folder under `wirebench trace`, which joins the app. */
  function trace(...args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [builtCli, 'trace', '--', 'python3', ...args], {
      cwd: app.home,
      env: { ...process.env, WIREBENCH_HOME: app.home },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    });
    return child;
  }

  async function lineOf({ stdout }: ChildProcess): Promise<string> {
    if (!stdout) throw new Error('the output is not read');
    let text = '';
    for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
      text += String(chunk);
      if (text.includes('\n')) break;
    }
    return text.trim();
  }

  const sidebar = (): Locator => app.page.getByRole('navigation', { name: 'Endpoints' });
  const calls = (): Locator => bench.inspector.getByRole('listbox', { name: 'Call' });

  it('are listed, and their calls are explained while they wait and after they have returned', async () => {
    const { page } = app;
    await sidebar().getByRole('heading', { name: 'Programs' }).waitFor();
    await sidebar().getByText('wirebench trace -- python3 server.py').waitFor();
    const server = trace('server.py');
    const port = await lineOf(server);
    const row = sidebar().getByTitle(/server\.py \(\d+\): waits in accept\(\)/);
    await row.click();
    await page.getByRole('tab', { name: /server\.py \(\d+\)/ }).waitFor();
    await page.getByRole('radio', { name: 'This program' }).waitFor();
    await (await bench.seeRow(/accept\(\) waits/)).click();
    await bench.inspector.getByRole('tab', { name: 'Calls' }).click();
    await calls()
      .getByRole('option', { name: /accept\(\).*waits/ })
      .waitFor();
    const accept = bench.inspector.getByRole('region', { name: 'accept()' });
    await accept.getByText('server.py:7').waitFor();
    await accept.getByText('connection, address = server.accept()').waitFor();
    await accept.getByText('accept(2)').waitFor();
    await accept.getByText(/It waits for a client to connect/).waitFor();

    const client = trace('client.py', port);
    expect(await lineOf(client)).toBe('Message received!');
    await accept.getByText(/It waited .* for a client to connect\. It returned a new socket/).waitFor();
    expect(
      await calls()
        .getByRole('option', { name: /accept\(\)/ })
        .count(),
    ).toBe(1);
    await sidebar()
      .getByTitle(/client\.py \(\d+\): waits in/)
      .count();
    await sidebar()
      .getByText(/client\.py/)
      .click();
    await (await bench.seeRow('Hello, server!')).click();

    await bench.inspector.getByRole('button', { name: /Other end: server\.py/ }).click();
    await page.getByRole('tab', { name: /server\.py \(\d+\)/, selected: true }).waitFor();
    await bench.inspector.getByText(/Calls of server\.py \(\d+\), socket \d+/).waitFor();

    await bench.inspector.getByText('received, 14 B').waitFor();
    await bench.button('Reads and messages…').click();
    const lens = page.getByRole('dialog', { name: /^Reads and messages received/ });
    await lens.getByText('1 read, 1 message with this framing.').waitFor();
    await lens.getByRole('combobox', { name: 'Framing' }).selectOption({ label: 'Fixed length' });
    await lens.getByText(/1 read, \d message/).waitFor();
    await bench.button('Close').click();

    client.stdin?.end('\n');
    await Promise.all([once(client, 'exit'), once(server, 'exit')]);
    await sidebar().getByRole('button', { name: 'Remove ended' }).click();
    await sidebar().getByText('wirebench trace -- python3 server.py').waitFor();
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import { startPeer } from '#support/peer.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

const dataJson = fileURLToPath(new URL('../../resources/samples/data.json', import.meta.url));

/** What each record is: a message's direction, or an event's name. */
function kindsOf(records: readonly Record<string, unknown>[]): unknown[] {
  return records.map(({ kind, direction }) => (kind === 'message' ? direction : kind));
}

describe.each(backendsOf('course'))('the course, with Python on the other side ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  /** How many records the tests before have saved. */
  let earlier: number;

  continueApp(backend, (launched) => {
    ({ app, bench } = launched);
    earlier = 0;
  });

  /** Saves the session as JSON lines and gives the records of this test. */
  async function savedRecords(): Promise<Record<string, unknown>[]> {
    const path = join(app.home, 'saved.jsonl');
    await bench.button('Save session…').click();
    await app.page.getByRole('radio', { name: /JSON Lines/ }).check();
    await app.save(path, () => bench.button('Save').click());
    const text = await readFile(path, 'utf8');
    const lines = text.trimEnd().split('\n').slice(earlier);
    earlier += lines.length;
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  test('a Python client gets its answer from a server launched from the button', async () => {
    const port = await bench.launchLocalServer();
    await using client = await startPeer('course_client.py', '127.0.0.1', String(port));
    expect(await client.rest()).toContain('Response from server: Message received!');
    expect(await client.exit()).toBe(0);

    const received = await bench.seeRow('Hello, server!');
    expect(await received.innerText()).toMatch(/in/);
    await bench.seeRow('Message received!');
    await bench.seeRow(/closed/);
    const calls = await bench.inspect(await bench.seeRow(/accepted/), 'Calls');
    await expect.poll(() => calls.innerText()).toContain('accept()');

    const records = await savedRecords();
    expect(kindsOf(records)).toEqual(['listening', 'accepted', 'in', 'out', 'ended', 'closed']);
    expect(records[2]).toMatchObject({ direction: 'in', length: 14, text: 'Hello, server!' });
    expect(records[3]).toMatchObject({ direction: 'out', text: 'Message received!' });
  });

  test('a Python server gets a message from a client connected from the form, and its answer is shown', async () => {
    await using server = await startPeer('course_server.py', '127.0.0.1', '0');
    const port = Number(/\d+$/.exec(await server.line())?.[0]);
    await bench.connect('127.0.0.1', port);
    await bench.seeRow(/connected to 127\.0\.0\.1/);
    await bench.typePayload('Hello, server!');
    await bench.button('Send').click();
    expect(await server.line()).toContain('Received: Hello, server!');
    const answer = await bench.seeRow('Message received!');
    const text = await bench.inspect(answer, 'Text');
    await expect.poll(() => text.innerText()).toContain('Message received!');
    const hex = await bench.inspect(answer, 'Hex');
    await expect.poll(() => hex.innerText()).toContain('4d 65 73 73');
    await bench.seeRow(/closed/);
    expect(kindsOf(await savedRecords())).toEqual(['connecting', 'opened', 'out', 'in', 'ended', 'closed']);
  });

  // What the page makes of JSON is the same in both hosts.
  if (backend.kind !== 'browser') return;

  test('JSON that a Python server sends is shown as a tree', async () => {
    await using server = await startPeer('json_server.py', dataJson);
    const port = Number(/\d+$/.exec(await server.line())?.[0]);
    await bench.connect('127.0.0.1', port);
    const document = JSON.parse(await readFile(dataJson, 'utf8')) as Record<string, unknown>;
    const [key] = Object.keys(document) as [string];
    const tree = await bench.inspect(await bench.seeRow(`"${key}"`), 'Pretty');
    await tree.getByRole('treeitem').filter({ hasText: key }).first().waitFor();
    const received = (await savedRecords()).find(({ direction }) => direction === 'in');
    expect(JSON.parse(received?.text as string)).toEqual(document);
  });

  test('JSON edited in the window and sent is parsed by a Python client', async () => {
    const port = await bench.launchTransport('tcp');
    await using client = await startPeer('json_client.py', '127.0.0.1', String(port));
    await bench.seeRow(/accepted/);
    await bench.typePayload('{"sensor":"t-1","celsius":21.5}');
    await bench.button('Format').click();
    await bench.button('Send').click();
    await bench.seeRow('"sensor"');
    await bench.button('Stop').click();
    expect(await client.rest()).toEqual(['{"celsius": 21.5, "sensor": "t-1"}']);
  });

  test('the sample data.xml, formatted and sent, is parsed by a Python client', async () => {
    const port = await bench.launchTransport('tcp');
    await using client = await startPeer('xml_client.py', '127.0.0.1', String(port));
    await bench.seeRow(/accepted/);
    await bench.button('Samples').click();
    await bench.page.getByRole('menuitem', { name: /^data\.xml/ }).click();
    await bench.button('Format').click();
    await bench.button('Send').click();
    expect(JSON.parse(await client.line())).toEqual([
      'data',
      7,
      'Ada Lovelace ada@example.com Intro to Programming Using Python Computer Networks',
    ]);
  });
});

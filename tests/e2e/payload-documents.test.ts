import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type App, browserBackend, launchApp } from '#support/app.ts';
import { startPeer } from '#support/peer.ts';
import { answerOf } from '#support/session.ts';
import { WorkbenchPage } from '#support/workbench-page.ts';

/** What an editor or a file likes to change: a byte order mark, NUL, line ends of all kinds, blanks at the ends of lines. */
const exact = '\ufeffone  \r\ntwo\rthree\0\n\t\r\n  ';

/** Two packets of Packet Sender, of which one has bytes that cannot be read. */
const packets = `[a]
name=ping
hexString=70 69 6e 67
toIP=127.0.0.1
port=5000
tcpOrUdp=UDP
[b]
name=bad
hexString=7g
`;

// These tests restart the program with the same home.
describe('a payload is a document of the workspace', () => {
  let home: string;
  let app: App | undefined;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  async function start(): Promise<{ readonly app: App; readonly bench: WorkbenchPage; readonly folder: string }> {
    app = await launchApp(browserBackend, home);
    const { folder } = answerOf(await app.client.call('workspace.get', {}));
    return { app, bench: new WorkbenchPage(app.page), folder };
  }

  async function writePayload(
    { app: { page }, bench }: Awaited<ReturnType<typeof start>>,
    text: string,
  ): Promise<void> {
    const editor = bench.payload.getByRole('textbox').first();
    await editor.waitFor({ state: 'attached' });
    await editor.focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText(text);
  }

  test('JSON with an error is marked, corrected, saved, and there after a restart', async () => {
    await using peer = await startPeer('exact_bytes.py');
    const port = await peer.line();
    const first = await start();
    const { page } = first.app;
    await first.bench.connect('127.0.0.1', port);
    await first.bench.button('Disconnect').waitFor();
    await page.getByRole('combobox', { name: 'Payload format' }).selectOption('json');
    await writePayload(first, '{"name": Ada}');
    await first.bench.seeText(/Invalid JSON: line 1, column 10/);
    await writePayload(first, '{"name": "Ada"}');
    await first.bench.seeText('valid JSON');
    await page.keyboard.press('ControlOrMeta+S');
    await page.getByRole('dialog').getByLabel('Name').fill('ada.json');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('treeitem', { name: 'ada.json', exact: true }).waitFor();
    expect(await readFile(join(first.folder, 'payloads/ada.json'), 'utf8')).toBe('{"name": "Ada"}');
    expect(await first.app.close()).toBe(0);

    const second = await start();
    await second.bench.connect('127.0.0.1', port);
    await second.app.page.getByRole('button', { name: 'ada.json', exact: true }).waitFor();
    await second.bench.button('Send').click();
    expect(await peer.line()).toBe(Buffer.from('{"name": "Ada"}').toString('hex'));
    expect(second.app.problems).toEqual([]);
  });

  test('a file is edited, saved and sent byte for byte, and a change of it on the disk is shown', async () => {
    await using peer = await startPeer('exact_bytes.py');
    const port = await peer.line();
    const running = await start();
    const { page, client } = running.app;
    const bytes = Buffer.from(exact);
    answerOf(await client.call('documents.write', { path: 'payloads/exact.txt', bytes, basedOn: 'new' }));
    const file = join(running.folder, 'payloads/exact.txt');
    await running.bench.connect('127.0.0.1', port);
    await running.bench.button('Disconnect').waitFor();
    await page.getByRole('treeitem', { name: 'exact.txt' }).dblclick();
    await page.getByRole('button', { name: 'exact.txt', exact: true }).waitFor();
    const editor = running.bench.payload.getByRole('textbox').first();
    await editor.focus();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.insertText('!');
    await page.getByRole('treeitem', { name: 'exact.txt, unsaved changes' }).waitFor();
    await page.keyboard.press('ControlOrMeta+S');
    await expect
      .poll(async () => (await readFile(file)).toString('hex'))
      .toBe(Buffer.from(`${exact}!`).toString('hex'));
    await running.bench.button('Send').click();
    expect(await peer.line()).toBe(Buffer.from(`${exact}!`).toString('hex'));

    await editor.focus();
    await page.keyboard.insertText('mine');
    await writeFile(file, 'theirs');
    answerOf(await client.call('workspace.rescan', {}));
    await running.bench.seeText('Changed on disk');
    await running.bench.button('Compare').click();
    await page.getByRole('region', { name: 'Compared versions' }).getByText('theirs').waitFor();
    await running.bench.button('Take theirs').click();
    await running.bench.seeText('6 B');
    expect(await readFile(file, 'utf8')).toBe('theirs');
    expect(running.app.problems).toEqual([]);
  });

  test('settings of a payload are saved in its meta file, its tags are completed, and it is sent in its encoding', async () => {
    await using peer = await startPeer('exact_bytes.py');
    const port = await peer.line();
    const running = await start();
    const { page, client } = running.app;
    const at = 'payloads/order.xml';
    answerOf(await client.call('documents.write', { path: at, bytes: Buffer.from('<o'), basedOn: 'new' }));
    await running.bench.connect('127.0.0.1', port);
    await running.bench.button('Disconnect').waitFor();
    await page.getByRole('treeitem', { name: 'order.xml' }).dblclick();
    await page.getByRole('button', { name: 'order.xml', exact: true }).waitFor();
    const editor = running.bench.payload.getByRole('textbox').first();
    await editor.focus();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.type('>é<b/></');
    await running.bench.seeText('valid XML');
    await page.getByRole('combobox', { name: 'Encoding' }).selectOption('Latin-1');
    await page.getByRole('treeitem', { name: 'order.xml, unsaved changes' }).waitFor();
    await page.keyboard.press('ControlOrMeta+S');
    const bytes = Buffer.from('<o>é<b/></o>', 'latin1').toString('hex');
    const meta = join(running.folder, `${at}.meta.yaml`);
    await expect.poll(async () => await readFile(meta, 'utf8').catch(() => '')).toMatch(/\nencoding: iso-8859-1\n$/);
    expect((await readFile(join(running.folder, at))).toString('hex')).toBe(bytes);
    await running.bench.button('Send anyway').click();
    expect(await peer.line()).toBe(bytes);
    await page.getByRole('combobox', { name: 'Encoding' }).selectOption('UTF-8');
    await page.keyboard.press('ControlOrMeta+S');
    await expect.poll(async () => await readdir(join(running.folder, 'payloads'))).not.toContain('order.xml.meta.yaml');
    expect(await readFile(join(running.folder, at), 'utf8')).toBe('<o>é<b/></o>');
    expect(running.app.problems).toEqual([]);
  });

  test('a payload in the side bar is renamed and deleted by keys, and the deletion undone', async () => {
    const running = await start();
    const { page, client } = running.app;
    for (const name of ['one.json', 'two.json']) {
      const path = `payloads/${name}`;
      answerOf(await client.call('documents.write', { path, bytes: Buffer.from('{}'), basedOn: 'new' }));
    }
    await page.getByRole('treeitem', { name: 'one.json' }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'New name of two.json' }).fill('second');
    await page.keyboard.press('Enter');
    await page.getByRole('treeitem', { name: 'second.json' }).waitFor();
    expect((await readdir(join(running.folder, 'payloads'))).sort()).toEqual(['one.json', 'second.json']);
    await page.keyboard.press('Delete');
    await running.bench.button('Undo').click();
    await page.getByRole('treeitem', { name: 'second.json' }).waitFor();
    expect((await readdir(join(running.folder, 'payloads'))).sort()).toEqual(['one.json', 'second.json']);
    expect(running.app.problems).toEqual([]);
  });

  test('a folder is imported and that undone, and each workspace has its own tabs and unsaved changes', async () => {
    const running = await start();
    const { page, client } = running.app;
    const selected = join(home, 'given', 'old tool');
    await mkdir(join(selected, 'orders'), { recursive: true });
    await writeFile(join(selected, 'orders/new.xml'), exact);
    await writeFile(join(selected, 'packets.ini'), packets);
    await page.getByRole('button', { name: 'Import…' }).click();
    const chooser = page.waitForEvent('filechooser');
    await running.bench.button('Select a folder…').click();
    await (await chooser).setFiles(selected);
    await running.bench.seeText(/packet “bad”: character 2 of its bytes/);
    await page.getByLabel('Commands of nc, ncat and socat').fill('echo hi | nc 127.0.0.1 6000');
    await running.bench.button('Import 5 documents').click();
    await page.getByRole('dialog').getByText('Imported 3 payloads and 2 endpoints').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    expect(await readFile(join(running.folder, 'payloads/old tool/orders/new.xml'), 'utf8')).toBe(exact);
    expect(await readFile(join(running.folder, 'payloads/old tool/ping.txt'), 'utf8')).toBe('ping');
    expect(await readFile(join(running.folder, 'endpoints/127.0.0.1-5000.yaml'), 'utf8')).toMatch(/^transport: udp$/m);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await running.bench.seeText('Removed 3 payloads and 2 endpoints again');
    expect(await readdir(join(running.folder, 'payloads'))).toEqual([]);

    answerOf(await client.call('documents.write', { path: 'payloads/a.txt', bytes: Buffer.from('a'), basedOn: 'new' }));
    await running.bench.openServer('tcp');
    await page.getByRole('treeitem', { name: 'a.txt' }).dblclick();
    await page.getByRole('button', { name: 'a.txt', exact: true }).waitFor();
    await writePayload(running, 'mine');
    await running.bench.command('New workspace…');
    await page.getByRole('dialog').getByLabel('Name').fill('Second');
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Workspace: Second' }).waitFor();
    await page.getByRole('tab', { name: 'Start', selected: true }).waitFor();
    expect(answerOf(await client.call('drafts.list', {})).drafts).toEqual([]);
    await running.bench.seeText('No payloads yet.');
    await running.bench.command('Open default workspace');
    await page.getByRole('treeitem', { name: 'a.txt, unsaved changes' }).waitFor();
    await running.bench.payload.getByText('mine').waitFor();
    expect(running.app.problems).toEqual([]);
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import { type LineServer, launchLineServer } from '#support/line-server.ts';
import { startPeer } from '#support/peer.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

/** The messages among the rows of a CSV. */
function textsOf(rows: readonly Record<string, string>[]): string[] {
  return rows.filter(({ direction }) => direction !== '').map(({ body = '' }) => Buffer.from(body, 'hex').toString());
}

const said = ['plain', 'with "quotes", and commas', '{"id":7}', '{"id":8}', 'größe'];

describe.each(backendsOf('export'))('exporting a session ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;
  let server: LineServer;

  continueApp(backend, async (launched) => {
    ({ app, bench } = launched);
    server?.peer.destroy();
    server = await launchLineServer(bench);
    server.peer.write(said.map((line) => `${line}\n`).join(''));
    await bench.seeRow('größe');
  });

  afterAll(() => {
    server?.peer.destroy();
  });

  async function readCsv(path: string): Promise<Record<string, string>[]> {
    await using reader = await startPeer('read_exports.py', 'csv', path);
    const rows = (await reader.rest()).map((line) => JSON.parse(line) as Record<string, string>);
    expect(await reader.exit()).toBe(0);
    return rows;
  }

  test('CSV of the whole session is read by Python’s csv module, byte for byte', async () => {
    const path = join(app.home, 'all.csv');
    await bench.button('Save session…').click();
    await app.page.getByRole('radio', { name: /CSV/ }).check();
    await bench.seeText(/^7 records, about/);
    await app.save(path, () => bench.button('Save').click());
    await bench.seeText(/Saved 7 records/);
    expect(textsOf(await readCsv(path))).toEqual(said);
  });

  test('raw bytes of one socket and direction are the stream as it was', async () => {
    const path = join(app.home, 'stream.bin');
    await (await bench.seeRow('größe')).click();
    await bench.button('Save session…').click();
    await app.page.getByRole('radio', { name: /Raw bytes/ }).check();
    await bench.seeText(/tar archive/);
    await app.page.getByRole('radio', { name: /One socket/ }).check();
    await app.page.getByRole('combobox', { name: 'Direction' }).selectOption('in');
    await bench.seeText('One file: the byte stream of this socket and direction.');
    await app.save(path, () => bench.button('Save').click());
    expect(await readFile(path, 'utf8')).toBe(said.map((line) => `${line}\n`).join(''));
  });

  test('what the filter shows is all that is exported then', async () => {
    const path = join(app.home, 'some.csv');
    await bench.applyFilter('json.id == 7');
    await bench.seeText(/^1 \/ 7$/);
    await bench.button('Save session…').click();
    await app.page.getByRole('radio', { name: /CSV/ }).check();
    await app.page.getByRole('radio', { name: /Filtered records/ }).check();
    await bench.seeText(/^1 record, about/);
    await app.save(path, () => bench.button('Save').click());
    expect(textsOf(await readCsv(path))).toEqual(['{"id":7}']);
  });
});

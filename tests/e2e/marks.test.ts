import net from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import { type LineServer, launchLineServer } from '#support/line-server.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

describe.each(backendsOf('marks'))('bookmarks, notes and what is in a message ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;
  let server: LineServer;

  continueApp(backend, (launched) => {
    ({ app, bench } = launched);
  });

  beforeEach(async () => {
    server = await launchLineServer(bench);
  });

  afterEach(async () => {
    server.peer.destroy();
  });

  test('a filter for bookmarks follows what is bookmarked', async () => {
    server.peer.write('first\nsecond\nthird\n');
    await (await bench.seeRow('second')).click();
    await app.page.keyboard.press('m');
    await bench.rows('second').getByLabel('bookmarked').waitFor();
    await bench.applyFilter('bookmarked');
    await bench.seeText(/^1 \/ \d+$/);
    await (await bench.seeRow('second')).click();
    await app.page.keyboard.press('m');
    await bench.seeText(/^0 \/ \d+$/);
    await bench.seeText('No matches');
    await bench.inspector.getByText('second').first().waitFor();
    await bench.button('Show all records').click();
    await bench.seeRow('third');
    await app.page.locator('[role="grid"]:focus').waitFor();
  });

  test('bytes are found in a message of any size, in text and in hex', async () => {
    const line = `${'a'.repeat(5_000_000)}needle${'b'.repeat(1_000_000)}needle`;
    server.peer.write(`${line}\n`);
    await (await bench.seeRow(/→ in.*aaaa/)).click();
    await app.page.getByRole('tab', { name: 'Hex', exact: true }).click();
    await app.page.keyboard.press('ControlOrMeta+F');
    const find = bench.field('Find in the message');
    await find.fill('needle');
    await find.press('Enter');
    await bench.seeText(/at offset 5\s000\s000/);
    const panel = app.page.getByRole('tabpanel', { name: 'Hex', exact: true });
    await panel.getByText('4c4b40').waitFor();
    await find.press('Enter');
    await bench.seeText(/at offset 6\s000\s006/);
    await find.press('Enter');
    await bench.seeText('Wrapped to first match');

    await bench.inspector.getByRole('radio', { name: 'Hex', exact: true }).check({ force: true });
    await find.fill('6e 65 65 64 6c 65 62');
    await find.press('Enter');
    await bench.seeText(/at offset 5\s000\s000/);
    await find.fill('00');
    await find.press('Enter');
    await bench.seeText('Not found');
    await find.fill('xy');
    await find.press('Enter');
    await bench.seeText(/not a hex digit/);

    await find.fill('6e 65');
    await find.press('Enter');
    await bench.seeText(/at offset/);
    await bench.inspect(bench.rows(/aaaa/).first(), 'Calls');
    await find.press('Escape');
    await app.page.getByRole('tabpanel', { name: 'Calls', exact: true }).waitFor();
    await app.page.locator('button:focus').waitFor();
  });

  test('the reads of a message are listed, and the start of each is marked', async () => {
    const { peer, port } = server;
    peer.setNoDelay(true);
    peer.write('begin ');
    // What happened after it is on the page: the engine has read it, alone.
    for (const [index, piece] of ['middle ', 'end\n'].entries()) {
      const other = net.connect(port, '127.0.0.1');
      await bench
        .rows(/accepted/)
        .nth(index + 1)
        .waitFor();
      other.destroy();
      peer.write(piece);
    }
    await (await bench.seeRow('begin middle end')).click();
    await bench.seeText('received in 3 recv() calls: 6 + 7 + 4 B');
    await app.page.getByRole('tab', { name: 'Hex', exact: true }).click();
    await bench.seeText('a line marks the start of each recv()');
  });

  test('a bookmark and a note stay over a reload, and in the saved session', async () => {
    server.peer.write('first\nsecond\nthird\n');
    await (await bench.seeRow('second')).click();
    await app.page.keyboard.press('m');
    await bench.rows('second').getByLabel('bookmarked').waitFor();
    await bench.button('Add a note').click();
    await app.page.keyboard.insertText('look at this one');
    await app.page.keyboard.press('ControlOrMeta+Enter');
    await bench.seeRow(/look at this one.*second/);
    await bench.applyFilter('bookmarked && note contains "look"');
    await bench.seeText(/^1 \/ \d+$/);
    expect(await bench.rows('third').count()).toBe(0);

    await app.page.reload();
    await bench.seeRow(/look at this one.*second/);
    expect(await bench.filter.inputValue()).toBe('bookmarked && note contains "look"');
    expect(await bench.rows('third').count()).toBe(0);

    const path = join(app.home, 'marked.wirebench');
    await bench.button('Save session…').click();
    await app.save(path, () => bench.button('Save').click());
    await app.open(path, () => bench.button('Open session…').click());
    await bench.seeText(/opened read-only/);
    const row = await bench.seeRow(/look at this one.*second/);
    await row.getByLabel('bookmarked').waitFor();
    await row.click();
    const number = (await row.locator('[data-cell="seq"]').innerText()).replace(/\D/g, '');
    const note = bench.field(`Note on record ${number}`);
    await expect.poll(() => note.inputValue()).toBe('look at this one');

    await note.fill('changed in the copy');
    await app.page.keyboard.press('Escape');
    await expect.poll(() => note.inputValue()).toBe('look at this one');
    await note.fill('changed in the copy');
    await bench.traffic.focus();
    await bench.seeRow(/changed in the copy.*second/);
  });
});

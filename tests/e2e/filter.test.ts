import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { continueApp } from '#support/app-suite.ts';
import { type LineServer, launchLineServer } from '#support/line-server.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

const messages = 2_000;

/** Readings of ten sensors, one a line. */
function readings(): string {
  return Array.from(
    { length: messages },
    (_, index) => `${JSON.stringify({ reading: index, sensor: { id: index % 10 }, hot: index % 4 === 0 })}\n`,
  ).join('');
}

describe.each(backendsOf('filter'))('filtering the traffic ($name)', (backend) => {
  let app: App;
  let bench: WorkbenchPage;
  let server: LineServer | undefined;

  continueApp(backend, async (launched) => {
    ({ app, bench } = launched);
    server?.peer.destroy();
    server = await launchLineServer(bench);
    server.peer.write(readings());
    await bench.seeRow(`"reading":${messages - 1}`);
  });

  beforeEach(async () => {
    await app.page.getByRole('radio', { name: 'Filter', exact: true }).check({ force: true });
    await bench.applyFilter('');
    await expect.poll(() => app.page.getByText(/^[\d\s]+ \/ 2\s00\d$/).count()).toBe(0);
  });

  afterAll(() => {
    server?.peer.destroy();
  });

  test('a filter that is none says what is wrong where it is, and the rows stay', async () => {
    await bench.applyFilter('json.sensor.id == 7');
    await bench.seeText(/^200 \/ 2\s002$/);
    await bench.applyFilter('json.sensor.id == 7 && len >');
    await bench.seeText(/value is missing/);
    expect(await bench.filter.getAttribute('aria-invalid')).toBe('true');
    expect(await bench.rows('"id":7').count()).toBeGreaterThan(5);
    await bench.seeText(/^200 \/ 2\s002$/);
  });

  test('a value of the tree and a cell of the table become filters', async () => {
    await bench.applyFilter('"reading\\":3,"');
    const tree = await bench.inspect(await bench.seeRow('"reading":3,'), 'Pretty');
    await tree.getByRole('treeitem').filter({ hasText: 'id' }).last().click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: /^Filter by this value/ }).click();
    await expect.poll(() => bench.filter.inputValue()).toBe('json.sensor.id == 3');
    await bench.seeText(/^200 \/ 2\s002$/);

    await bench.traffic.focus();
    await app.page.keyboard.press('Shift+F10');
    await app.page.getByRole('menuitem', { name: /^And text/ }).press('Enter');
    await app.page.locator('[role="grid"]:focus').waitFor();
    await bench.seeText(/^1 \/ 2\s002$/);
    expect(await bench.filter.inputValue()).toMatch(/^json\.sensor\.id == 3 && text == "/);
  });

  test('finding marks what matches without hiding the rest, and F8 and F7 go from one to the next', async () => {
    await app.page.getByRole('radio', { name: 'Find', exact: true }).check({ force: true });
    await bench.applyFilter('json.reading == 100 || json.reading == 1900');
    await bench.seeText(/^2 \/ 2\s002$/);
    const chosen = app.page.getByRole('row', { selected: true });
    await app.page.keyboard.press('F8');
    await chosen.filter({ hasText: '"reading":100,' }).waitFor();
    await bench.seeRow('"reading":101,');
    await app.page.keyboard.press('F8');
    await chosen.filter({ hasText: '"reading":1900,' }).waitFor();
    await app.page.keyboard.press('F8');
    await bench.seeText('Wrapped to first match');
    await chosen.filter({ hasText: '"reading":100,' }).waitFor();
    await app.page.keyboard.press('F7');
    await chosen.filter({ hasText: '"reading":1900,' }).waitFor();
  });

  test('the chosen record stays when the filter changes, and recent filters come back', async () => {
    await bench.applyFilter('json.reading == 500');
    await (await bench.seeRow('"reading":500,')).click();
    await bench.filter.focus();
    await bench.button('Clear filter').click();
    const chosen = app.page.getByRole('row', { selected: true });
    await chosen.filter({ hasText: '"reading":500,' }).waitFor();
    await bench.seeRow('"reading":499,');

    await bench.button('Recent filters').click();
    await app.page.getByRole('option', { name: /json\.reading == 500/ }).click();
    await bench.filter.press('Enter');
    await bench.seeText(/^1 \/ 2\s002$/);
  });

  test('a record is gone to by its number, and one that is not there is refused', async () => {
    await app.page.keyboard.press('ControlOrMeta+G');
    await bench.field('Record number').fill('99999');
    await app.page.keyboard.press('Enter');
    await bench.seeText('The last record is 2001.');
    await bench.field('Record number').fill('1002');
    await app.page.keyboard.press('Enter');
    await app.page.getByRole('row', { selected: true }).filter({ hasText: '"reading":1000,' }).waitFor();

    await app.page.locator('[role="grid"]:focus').waitFor();
    await bench.command('go to time');
    await bench.field('Time').fill('0');
    await app.page.keyboard.press('Enter');
    await app.page.getByRole('row', { selected: true }).filter({ hasText: 'listening' }).waitFor();
  });

  // The last two add records.
  test('a filter shows what matches, with its count, and what arrives and matches', async () => {
    // The table follows the newest record again.
    await bench.traffic.focus();
    await app.page.keyboard.press('End');
    await app.page.keyboard.press('ControlOrMeta+F');
    await bench.filter.and(app.page.locator(':focus')).waitFor();
    await app.page.keyboard.type('json.sensor.id == 7');
    await app.page.keyboard.press('Enter');
    await bench.seeText(/^200 \/ 2\s002$/);
    await bench.seeRow('"reading":1997');
    expect(await bench.rows('"id":6').count()).toBe(0);

    server?.peer.write('{"reading":"new","sensor":{"id":7}}\n{"reading":"other","sensor":{"id":8}}\n');
    await bench.seeRow('"reading":"new"');
    await bench.seeText(/^201 \/ 2\s004$/);
    expect(await bench.rows('"reading":"other"').count()).toBe(0);

    await app.page.keyboard.press('ControlOrMeta+F');
    await bench.button('Clear filter').click();
    await bench.seeRow('"reading":"other"');
  });

  test('an endpoint shows its own records, and those of all on demand', async () => {
    await bench.button('Launch server').click();
    await bench.field('Port').fill('0');
    await bench.button('Launch').click();
    await bench.seeRow(/listening on 127\.0\.0\.1:\d+/);
    expect(await bench.rows('"reading"').count()).toBe(0);
    await app.page.getByRole('radio', { name: 'All', exact: true }).check({ force: true });
    await bench.seeRow('"reading":1999');
    await app.page.getByRole('radio', { name: 'This endpoint', exact: true }).check({ force: true });
    await expect.poll(() => bench.rows('"reading"').count()).toBe(0);
  });
});

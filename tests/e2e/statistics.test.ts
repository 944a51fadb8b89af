import net from 'node:net';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type App, backendsOf } from '#support/app.ts';
import { shareApp } from '#support/app-suite.ts';
import { type Message, writeMessages } from '#support/session-messages.ts';
import type { WorkbenchPage } from '#support/workbench-page.ts';

/** Ten requests of socket 1, a second apart, answered backwards in their order; socket 2 only sends. */
function messages(): Message[] {
  const list: Message[] = [];
  for (let id = 0; id < 10; id += 1) {
    list.push({ socket: 1, direction: 'in', at: id * 1_000, bytes: Buffer.from(JSON.stringify({ id })) });
  }
  for (let id = 9; id >= 0; id -= 1) {
    const bytes = Buffer.from(JSON.stringify({ re: { id }, text: 'x'.repeat(80) }));
    list.push({ socket: 1, direction: 'out', at: 20_000 - id * 100, bytes });
  }
  list.push({ socket: 1, direction: 'in', at: 21_000, bytes: Buffer.from('{"id":77}') });
  list.push({ socket: 2, direction: 'out', at: 22_000, bytes: Buffer.from('hello') });
  return list;
}

/** The figure called `name` in one of the rows of figures. */
async function figure(row: Locator, name: string): Promise<string> {
  const entry = row.locator('div').filter({ has: row.page().getByText(name, { exact: true }) });
  return (await entry.locator('dd').first().innerText()).replaceAll('\u202f', '');
}

describe.each(backendsOf('statistics'))('statistics, $name', (backend) => {
  let app: App;
  let bench: WorkbenchPage;

  shareApp(backend, (shared) => {
    ({ app, bench } = shared);
  });

  it('count an opened session, pair its replies by path and lead to the slowest', async () => {
    const path = join(app.home, 'boiler.wirebench');
    writeMessages(path, messages());
    const { page } = app;
    await app.open(path, () => bench.button('Open session…').click());
    await page.getByRole('radio', { name: 'Statistics' }).check();
    const pane = page.getByRole('region', { name: 'Statistics', exact: true });
    const summary = pane.getByLabel('Summary');
    await summary.waitFor();
    expect(await figure(summary, 'Records')).toBe('22');
    expect(await figure(summary, 'Messages in')).toBe('11');
    expect(await figure(summary, 'Messages out')).toBe('11');
    expect(await figure(summary, 'Duration')).toBe('22.0 s');

    await pane.getByRole('img', { name: /^Messages\/s over time: peak [\d.]+ \/s in/ }).waitFor();
    await pane.getByRole('img', { name: /^Sizes in: 11 values, minimum 8 B, median 8 B,.* maximum 9 B$/ }).waitFor();
    await pane.locator('canvas').first().waitFor();
    await pane.getByLabel('Gaps in as a table').click();
    await pane.getByRole('region', { name: 'Gaps in', exact: true }).getByRole('row').nth(1).waitFor();

    const replies = pane.getByRole('region', { name: 'Reply times' });
    const pairs = replies.getByLabel('Requests and replies');
    // The socket that only sends is no reply to anything.
    expect(await figure(pairs, 'Unexpected')).toBe('1');
    expect(await figure(pairs, 'Unanswered')).toBe('1');
    const slowest = replies.getByRole('region', { name: 'Slowest replies' }).getByRole('row').nth(1);
    expect((await slowest.innerText()).split(/\s*\t\s*/)[0]).toBe('19.1 s');
    await replies.getByRole('radio', { name: 'By path' }).check();
    await replies.getByRole('textbox', { name: 'Path in the request' }).fill('json.id');
    await replies.getByRole('textbox', { name: 'Path in the reply' }).fill('json.re.id');
    await replies.getByRole('button', { name: 'Pair' }).click();
    await pairs.getByText('Without a value').waitFor();
    expect(await figure(pairs, 'Pairs')).toBe('10');
    expect(await figure(pairs, 'Without a value')).toBe('1');

    const flows = pane.getByRole('region', { name: 'Flows' });
    const firstFlow = flows.getByRole('row').nth(1);
    expect(await firstFlow.innerText()).toContain('out');
    await flows.getByRole('button', { name: 'Messages' }).click();
    expect(await firstFlow.innerText()).toContain('in');
    await flows.getByRole('button', { name: 'Sizes and gaps of socket 2, out' }).press('Enter');
    await pane.getByRole('img', { name: /^Sizes out: 1 value, minimum 5 B/ }).waitFor();

    // The request with the id 0 waited longest: 20 seconds.
    expect(await slowest.innerText()).toContain('20.0 s');
    await slowest.getByRole('button', { name: '#0' }).click();
    await bench.traffic.getByRole('row', { selected: true }).filter({ hasText: '{"id":0}' }).waitFor();
  });

  it('count the session that is being recorded, and follow it', async () => {
    const { page } = app;
    const port = await bench.launchLocalServer();
    const peer = net.connect(port, '127.0.0.1');
    peer.on('error', () => {});
    peer.write('one');
    await bench.seeRow('Message received!');
    await page.getByRole('radio', { name: 'Statistics' }).check();
    const pane = page.getByRole('region', { name: 'Statistics', exact: true });
    const replies = pane.getByLabel('Requests and replies');
    await replies.waitFor();
    expect(await figure(replies, 'Pairs')).toBe('1');
    await pane.getByText(/Sockets without framing/).waitFor();
    peer.write('two');
    await replies.locator('div', { hasText: 'Pairs' }).getByText('2', { exact: true }).waitFor();
    peer.destroy();
    await page.getByRole('radio', { name: 'Table' }).check();
    await bench.seeRow('Message received!');
  });
});

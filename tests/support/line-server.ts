import { once } from 'node:events';
import net from 'node:net';
import type { WorkbenchPage } from './workbench-page.ts';

/** A server of the workbench with line framing that answers nothing, with a peer that sends what a test gives it. */
export interface LineServer {
  readonly port: number;
  readonly peer: net.Socket;
}

/** Launches a server with line framing from its form, silent, and connects a peer to it. */
export async function launchLineServer(bench: WorkbenchPage): Promise<LineServer> {
  const { page } = bench;
  await bench.button('Launch server').click();
  await bench.field('Port').fill('0');
  await page.getByRole('button', { name: 'Options' }).click();
  await page
    .getByRole('dialog', { name: 'Options' })
    .getByRole('combobox', { name: 'Framing', exact: true })
    .selectOption('lf');
  await page.getByRole('combobox', { name: 'Behaviour' }).selectOption('silent');
  await page.keyboard.press('Escape');
  await bench.button('Launch').click();
  const row = await bench.seeRow(/listening on 127\.0\.0\.1:\d+/);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(await row.innerText())?.[1]);
  const peer = net.connect(port, '127.0.0.1');
  peer.on('error', () => {});
  await once(peer, 'connect');
  await bench.seeRow(/accepted/);
  return { port, peer };
}

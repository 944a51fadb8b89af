// `npm run shots`: the screenshots of docs/images, of the built app with real traffic.
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launchInBrowser } from './app-browser.ts';
import { startPeer } from './peer.ts';
import { WorkbenchPage } from './workbench-page.ts';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

await mkdir(images, { recursive: true });
const home = await mkdtemp(join(tmpdir(), 'wirebench-shots-'));
const app = await launchInBrowser(home, () => {});
const bench = new WorkbenchPage(app.page);

/** Takes one picture at each size, in each of `themes`. */
async function shoot(name: string, themes: readonly ('dark' | 'light')[]): Promise<void> {
  for (const colorScheme of themes) {
    await app.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const size of sizes) {
      await app.page.setViewportSize(size);
      await app.page.mouse.move(0, 0);
      // Two frames: one to lay out at the new size, one to draw the rows that now fit.
      await app.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await app.page.waitForLoadState('networkidle');
      await app.page.screenshot({ path: join(images, `${name}-${colorScheme}-${size.width}.png`) });
    }
  }
}

await bench.button('Launch local server').waitFor();
await shoot('start', ['dark', 'light']);

await using holder = await startPeer('full_queue.py');
await bench.field('Port').fill(await holder.line());
await bench.button('Launch local server').click();
await bench.seeText(/EADDRINUSE/);
await shoot('error', ['dark', 'light']);

const port = await bench.launchLocalServer();
await using student = await startPeer('course_client.py', '127.0.0.1', String(port));
await student.rest();
await bench.seeRow('Hello, server!');
const device = net.connect(port, '127.0.0.1');
device.on('data', () => {});
for (const reading of [
  { sensor: 'boiler-7', celsius: 61.4, ok: true },
  { sensor: 'boiler-7', celsius: 63.9, ok: true },
  { sensor: 'boiler-7', celsius: 88.2, ok: false, alarm: { level: 2, since: '2026-03-01T14:05:09Z' } },
]) {
  device.write(JSON.stringify(reading));
  await bench.seeRow(`${reading.celsius}`);
}
await bench.payload.getByRole('textbox').first().waitFor({ state: 'attached' });
await bench.inspect(await bench.seeRow('88.2'), 'Pretty');
await shoot('session', ['dark', 'light']);

// A filter that leaves a few of many records, one of them with a bookmark and a note.
for (let reading = 0; reading < 300; reading += 1) {
  device.write(JSON.stringify({ sensor: `boiler-${reading % 9}`, celsius: 60 + (reading % 31), ok: true }));
  await once(device, 'data');
  // A device that takes its time.
  await setTimeout(5);
}
await bench.applyFilter('json.celsius > 85 && json.sensor == "boiler-7"');
const alarm = await bench.seeRow('88.2');
await bench.inspect(alarm, 'Pretty');
await bench.button('Bookmark').click();
await shoot('filter', ['dark', 'light']);

await bench.page.getByRole('radio', { name: 'Statistics' }).check({ force: true });
await bench.seeText('Messages/s');
await shoot('statistics', ['dark', 'light']);

await bench.page.keyboard.press('ControlOrMeta+Shift+S');
await bench.seeText(/records?, about/);
await shoot('export', ['dark', 'light']);

await bench.page.keyboard.press('Escape');
// A client over TLS that trusts the server's own certificate, and what both agreed on.
const secured = await bench.launchTransport('tls');
await bench.openClient('tls', secured);
await bench.button('Connect').click();
await bench.button('Trust this certificate').click();
await bench.seeRow(/trusted by its fingerprint/);
await bench.typePayload('{"sensor": "boiler-7", "set": {"celsius": 62}}');
await bench.button('Send').click();
await bench.seeRow('Message received!');
await bench.page.getByRole('button', { name: /TLSv1\.3/ }).click();
await bench.seeText('SHA-256');
await shoot('tls', ['dark', 'light']);
await bench.page.keyboard.press('Escape');

// The options of a server, found by a word.
await bench.openServer('tcp');
await bench.button('Options').click();
await bench.page.getByRole('searchbox', { name: 'Search options' }).fill('backlog');
await bench.field('Backlog').waitFor();
await shoot('options', ['dark', 'light']);

device.destroy();
await app.close();
await rm(home, { recursive: true, force: true });

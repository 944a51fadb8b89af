import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchInBrowser } from '#support/app-browser.ts';
import { WorkbenchPage } from '#support/workbench-page.ts';
import { startPacedSender } from './senders.ts';
import { median, report } from './statistics.ts';
import { Subject } from './subject.ts';

const linesPerSecond = 100_000;
const measureMs = 3_000;

/**
 * Rows of the traffic table drawn a second while 100 000 messages a second arrive. The ratio is of messages recorded
 * to lines that a plain `net` program counts from the same sender: what drawing costs the traffic.
 */
export async function benchTable(rounds: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'wirebench-bench-'));
  const app = await launchInBrowser(home, () => {});
  const bench = new WorkbenchPage(app.page);
  const port = await serveLines(bench);
  const rows: number[] = [];
  const frames: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const plain = await plainRate();
    const sender = startPacedSender(port, linesPerSecond);
    await bench.rows('xxxxxxxx').first().waitFor();
    const before = await recorded(app.page);
    const drawn = await drawnRows(app.page);
    const after = await recorded(app.page);
    sender.disconnect();
    await once(sender, 'exit');
    rows.push(drawn.rows);
    frames.push(drawn.frames);
    ratios.push((after.count - before.count) / ((after.at - before.at) / 1_000) / plain);
  }
  await app.close();
  await rm(home, { recursive: true, force: true });
  const figures = `${median(rows).toFixed(0)} rows a second drawn in ${median(frames).toFixed(0)} frames a second`;
  report('messages recorded while the table is drawn, of 100 000/s', ratios, figures);
}

/** Launches a silent server that cuts lines, through the window, and gives its port. */
async function serveLines(bench: WorkbenchPage): Promise<number> {
  await bench.launchLocalServer();
  await bench.button('Stop').click();
  await bench.button('Launch').waitFor();
  await bench.button('Options').click();
  await bench.page.getByRole('combobox', { name: 'Framing' }).selectOption('lf');
  await bench.page.getByRole('combobox', { name: 'Behaviour' }).selectOption('silent');
  await bench.page.keyboard.press('Escape');
  await bench.button('Launch').click();
  await bench.button('Stop').waitFor();
  // The second of its kind: the first one's port is closed again.
  const listening = bench.rows(/listening on 127\.0\.0\.1:\d+/).nth(1);
  await listening.waitFor();
  return Number(/127\.0\.0\.1:(\d+)/.exec(await listening.innerText())?.[1]);
}

/** Lines a second that a plain program counts from the same sender. */
async function plainRate(): Promise<number> {
  const subject = await Subject.start('plain-server', { behaviour: 'silent', framing: 'line' });
  const sender = startPacedSender(subject.port, linesPerSecond);
  let before = await subject.count();
  while (before.messages === 0) before = await subject.count();
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, measureMs));
  const after = await subject.count();
  const seconds = (performance.now() - startedAt) / 1_000;
  sender.disconnect();
  await once(sender, 'exit');
  await subject.flush();
  await subject.exited();
  return (after.messages - before.messages) / seconds;
}

/** How many records the grid says there are, and when it said so (ms). */
function recorded(page: Page): Promise<{ count: number; at: number }> {
  return page.evaluate(() => {
    const grid = document.querySelector('[role=grid]');
    return { count: Number(grid?.getAttribute('aria-rowcount')), at: performance.now() };
  });
}

/** Counts, frame by frame, the rows that show another record than in the frame before. */
function drawnRows(page: Page): Promise<{ rows: number; frames: number }> {
  return page.evaluate(
    (duration) =>
      new Promise<{ rows: number; frames: number }>((resolve) => {
        const startedAt = performance.now();
        let shown = new Set<string>();
        let rows = 0;
        let frames = 0;
        const look = (): void => {
          const now = new Set<string>();
          for (const row of document.querySelectorAll('[role=grid] [role=row][aria-rowindex]')) {
            // A row that is still being fetched shows nothing yet.
            if (row.childElementCount > 2) now.add(row.getAttribute('aria-rowindex') ?? '');
          }
          for (const index of now) if (!shown.has(index)) rows += 1;
          shown = now;
          frames += 1;
          const seconds = (performance.now() - startedAt) / 1_000;
          if (seconds * 1_000 < duration) requestAnimationFrame(look);
          else resolve({ rows: rows / seconds, frames: frames / seconds });
        };
        requestAnimationFrame(look);
      }),
    measureMs,
  );
}

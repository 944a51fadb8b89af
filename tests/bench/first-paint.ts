import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { browserFlags, findBrowser } from '#support/browser.ts';
import { copyWithEmptyPage } from './empty-page.ts';
import { median, report } from './statistics.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const hostOf = (root: string) => [join(root, 'out/main/cli.js'), 'app', '--port', '0', '--no-open'];

/** The time from the start of the host's process to the first content on the page, against an empty React page on it. */
export async function benchFirstPaint(rounds: number): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), 'wirebench-bench-'));
  await copyWithEmptyPage(copy);
  const browser = await chromium.launch({ executablePath: findBrowser(), args: [...browserFlags] });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await timeToPaint(browser, hostOf(repository)));
    theirs.push(await timeToPaint(browser, hostOf(copy)));
  }
  await browser.close();
  await rm(copy, { recursive: true, force: true });
  const ratios = ours.map((value, index) => value / (theirs[index] as number));
  const figures = `${median(ours).toFixed(0)} against ${median(theirs).toFixed(0)} ms (lower is better)`;
  report('launch of the browser host to first paint ÷ empty React page', ratios, figures);
}

/** Milliseconds from starting `program` to the first contentful paint of the page whose address it prints. */
async function timeToPaint(browser: Browser, program: readonly string[]): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'wirebench-bench-'));
  const context = await browser.newContext();
  const page = await context.newPage();
  const startedAt = Date.now();
  const child = spawn(process.execPath, program, {
    env: { ...process.env, WIREBENCH_HOME: home },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let address: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    address = / at (\S+)$/.exec(line)?.[1];
    if (address) break;
  }
  await page.goto(address as string, { waitUntil: 'commit' });
  const paintedAt = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((entries) => {
          for (const entry of entries.getEntries()) {
            if (entry.name === 'first-contentful-paint') resolve(performance.timeOrigin + entry.startTime);
          }
        }).observe({ type: 'paint', buffered: true });
      }),
  );
  await context.close();
  child.kill('SIGINT');
  await exited;
  await rm(home, { recursive: true, force: true });
  return paintedAt - startedAt;
}

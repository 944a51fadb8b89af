import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { browserFlags, findBrowser } from '#support/browser.ts';
import { median, report } from './statistics.ts';

const host = [fileURLToPath(new URL('../../out/main/cli.js', import.meta.url)), 'app', '--port', '0', '--no-open'];
const plain = [fileURLToPath(new URL('./subjects/plain-page.ts', import.meta.url))];

/** The time from the start of the host's process to the first content on the page, against a page of one sentence. */
export async function benchFirstPaint(rounds: number): Promise<void> {
  const browser = await chromium.launch({ executablePath: findBrowser(), args: [...browserFlags] });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await timeToPaint(browser, host));
    theirs.push(await timeToPaint(browser, plain));
  }
  await browser.close();
  const ratios = ours.map((value, index) => value / (theirs[index] as number));
  const figures = `${median(ours).toFixed(0)} against ${median(theirs).toFixed(0)} ms (lower is better)`;
  report('launch of the browser host to first paint', ratios, figures);
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

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { startBrowserHost } from '#hosts/browser/server.ts';
import { browserFlags, findBrowser } from '#support/browser.ts';
import { createWorkbench } from '#workbench/create-workbench.ts';
import { copyWithEmptyPage } from './empty-page.ts';
import { median, report } from './statistics.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** When a page painted something for the first time, and when React had drawn its heading. Milliseconds. */
interface PageTimes {
  readonly painted: number;
  readonly drawn: number;
}

/**
 * The time from the navigation to the page's first paint and to the drawn start page, against a page of React with one
 * heading on the same browser host. Nothing is in the browser's cache.
 */
export async function benchPageStart(rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wirebench-bench-'));
  await copyWithEmptyPage(folder);
  const workbench = await createWorkbench({ home: folder, resources: join(repository, 'resources') });
  if (!workbench.ok) throw new Error(workbench.error.system);
  const serve = async (renderer: string) => {
    const host = await startBrowserHost({ workbench: workbench.value, home: folder, renderer, port: 0 });
    if (!host.ok) throw new Error(host.error.system);
    return host.value;
  };
  const hosts = [await serve(join(repository, 'out/renderer')), await serve(join(folder, 'out/renderer'))] as const;
  const browser = await chromium.launch({ executablePath: findBrowser(), args: [...browserFlags] });

  const ours: PageTimes[] = [];
  const theirs: PageTimes[] = [];
  // The first page of each is not counted: the browser itself is still starting.
  for (let round = 0; round <= rounds; round += 1) {
    const [own, plain] = [await timePage(browser, hosts[0].address), await timePage(browser, hosts[1].address)];
    if (round === 0) continue;
    ours.push(own);
    theirs.push(plain);
  }
  await browser.close();
  for (const host of hosts) await host.close();
  await workbench.value.close();
  await rm(folder, { recursive: true, force: true });

  for (const [what, key] of [
    ['navigation to first paint ÷ an empty React page', 'painted'],
    ['navigation to the drawn start page ÷ an empty React page', 'drawn'],
  ] as const) {
    const ratios = ours.map((times, index) => times[key] / (theirs[index] as PageTimes)[key]);
    const [own, plain] = [median(ours.map((times) => times[key])), median(theirs.map((times) => times[key]))];
    report(what, ratios, `${own.toFixed(0)} against ${plain.toFixed(0)} ms (lower is better)`);
  }
}

async function timePage(browser: Browser, address: string): Promise<PageTimes> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    const drawn = new Promise<number>((resolve) => {
      const look = () => {
        if (document.querySelector('h1')) requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
        else requestAnimationFrame(look);
      };
      look();
    });
    const painted = new Promise<number>((resolve) => {
      new PerformanceObserver((entries) => {
        for (const { name, startTime } of entries.getEntries()) {
          if (name === 'first-contentful-paint') resolve(startTime);
        }
      }).observe({ type: 'paint', buffered: true });
    });
    Object.assign(window, { times: Promise.all([painted, drawn]) });
  });
  await page.goto(address, { waitUntil: 'commit' });
  const [painted, drawn] = (await page.evaluate('times')) as number[];
  await context.close();
  return { painted: painted ?? Number.NaN, drawn: drawn ?? Number.NaN };
}

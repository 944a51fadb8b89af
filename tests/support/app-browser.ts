import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Running } from './app.ts';
import { browserFlags, findBrowser, patienceMs } from './browser.ts';
import { root } from './build-setup.ts';
import { connectTransport } from './page-transport.ts';

/** The browser host while it runs as a separate process. */
export interface HostProcess {
  readonly child: ChildProcess;
  /** The address that it printed, with its token. */
  readonly address: string;
  /** Ends it as Ctrl+C does; gives its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts the built browser host with `home` as its data folder, and with more of an environment. It opens a browser where
 * `opens` says so.
 */
export async function startHost(home: string, env: NodeJS.ProcessEnv = {}, opens = false): Promise<HostProcess> {
  const open = opens ? [] : ['--no-open'];
  const child = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'app', '--port', '0', ...open], {
    env: { ...process.env, ...env, WIREBENCH_HOME: home },
    // Its standard input ends with this process, and with that the host.
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const printed: string[] = [];
  const address = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the host ended with ${code}: ${printed.join('\n')}`)));
    createInterface(child.stdout).on('line', (line) => {
      printed.push(line);
      const match = /^Wirebench is running at (\S+)$/.exec(line);
      if (match?.[1]) resolve(match[1]);
    });
  });
  return {
    child,
    address,
    async stop() {
      child.kill('SIGINT');
      await exited;
      return child.exitCode;
    },
  };
}

/** A page that `openBrowser` has opened. */
interface OpenedPage {
  readonly page: Page;
  close(): Promise<void>;
}

/** The browser of the open pages: its start takes longer than that of a page. */
let browser: Promise<Browser> | undefined;
let openPages = 0;

async function runningBrowser(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: findBrowser(), args: [...browserFlags] });
  const running = await browser;
  if (running.isConnected()) return running;
  browser = undefined;
  return runningBrowser();
}

async function pageClosed(): Promise<void> {
  openPages -= 1;
  if (openPages > 0) return;
  const last = browser;
  browser = undefined;
  await (await last)?.close();
}

/**
 * Opens `address` as a browser that was just installed does: with nothing stored, and nothing shared with other pages.
 * `watch` sees the page before it loads anything.
 */
export async function openBrowser(address: string, watch: (page: Page) => void = () => {}): Promise<OpenedPage> {
  openPages += 1;
  const running = await runningBrowser();
  const context = await running.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  watch(page);
  await page.goto(address);
  let closed: Promise<void> | undefined;
  const close = async () => {
    await context.close();
    await pageClosed();
  };
  return {
    page,
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** Starts the browser host and a browser on its address. `watch` sees the page before it loads anything. */
export async function launchInBrowser(home: string, watch: (page: Page) => void): Promise<Running> {
  const host = await startHost(home);
  const { page, close } = await openBrowser(host.address, watch);
  const { port, hash } = new URL(host.address);
  const transport = connectTransport({ port: Number(port), token: hash.replace('#token=', '') });
  return {
    page,
    transport,
    async save(path, act) {
      const downloading = page.waitForEvent('download');
      await act();
      await (await downloading).saveAs(path);
    },
    async open(path, act) {
      const choosing = page.waitForEvent('filechooser');
      await act();
      await (await choosing).setFiles(path);
    },
    async close() {
      transport.close();
      await close();
      return host.stop();
    },
  };
}

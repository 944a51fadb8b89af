import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import { type Client, createClient } from '#shared/contract/client.ts';
import type { Transport } from '#shared/contract/transport.ts';
import { findElectron } from '../../tools/electron.ts';
import { launchInBrowser } from './app-browser.ts';
import { launchOnElectron } from './app-electron.ts';
import { root } from './build-setup.ts';

/** What the built app runs on in a test. Its name is for the name of the test. */
export interface Backend {
  readonly name: string;
  readonly kind: 'browser' | 'desktop';
}

const electron = findElectron(root);

export const browserBackend: Backend = { name: 'browser host', kind: 'browser' };
export const desktopBackend: Backend = {
  name: `desktop app on ${'path' in electron ? `Electron ${electron.version}` : 'the stand-in'}`,
  kind: 'desktop',
};

/**
 * The suites that run on the desktop app as well as on the browser host, each with what differs there. All others run on
 * the browser host alone, because what they test is the page's and the engine's, which both hosts share.
 * `desktop.test.ts` and `desktop-guard.test.ts` test what only the desktop app has: native dialogs, the menu, the state of
 * the window, and its confinement.
 */
const desktopSuites = {
  smoke: 'the start of the main process and its window, and its end in order',
  course: 'the main journey: each call goes through preload and IPC, and a save through the native dialog',
  'exact-bytes': 'bytes through preload and IPC, a file by the native dialog, and a reload in a window',
  files: 'files by the native dialog in the place of uploads',
  saved: 'the end of the program, and files that stay where they are in the place of uploads',
  'page-failures': 'a reload in a window, where the page keeps its tabs without its own token or address',
} as const;

/** The backends of the suite in `tests/e2e/SUITE.test.ts`: `describe.each(backendsOf('smoke'))('…, $name', (backend) => …)`. */
export function backendsOf(suite: string): readonly Backend[] {
  return Object.hasOwn(desktopSuites, suite) ? [browserBackend, desktopBackend] : [browserBackend];
}

/** What each kind of backend brings. */
export interface Running {
  readonly page: Page;
  /** Calls to the engine beside the page. */
  readonly transport: Transport;
  /** Has the next file that the app saves written to `path`, when `act` makes it save one. */
  save(path: string, act: () => Promise<void>): Promise<void>;
  /** Picks `path` when `act` makes the app ask for a file. */
  open(path: string, act: () => Promise<void>): Promise<void>;
  /** Ends the app in order, as its user does; gives its exit code. */
  close(): Promise<number | null>;
}

/** The built app while it runs for a test, with its own home folder. */
export interface App extends Omit<Running, 'save' | 'transport'> {
  readonly home: string;
  /** The engine's contract, called beside the page. */
  readonly client: Client;
  /** What went wrong on the page unseen: errors on its console, exceptions, violations of its policy. */
  readonly problems: string[];
  /** Has the file that `act` makes the app save written to `path`; resolves when it is there. */
  save(path: string, act: () => Promise<void>): Promise<void>;
}

/** Starts the built app on `backend` and opens its page. `close` ends it and deletes its home, unless it was given. */
export async function launchApp(backend: Backend, givenHome?: string): Promise<App> {
  const home = givenHome ?? (await mkdtemp(join(tmpdir(), 'wirebench-home-')));
  const launch = backend.kind === 'browser' ? launchInBrowser : launchOnElectron;
  const problems: string[] = [];
  const running = await launch(home, (page) => watchPage(page, problems));
  return {
    page: running.page,
    home,
    client: createClient(running.transport),
    problems,
    open: running.open,
    async save(path, act) {
      // Of an earlier test that shared this home.
      await rm(path, { force: true });
      await running.save(path, act);
      await vi.waitUntil(() => existsSync(path), { timeout: 30_000, interval: 20 });
    },
    async close() {
      try {
        return await running.close();
      } finally {
        if (givenHome === undefined) await rm(home, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

function watchPage(page: Page, problems: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.stack ?? error.message}`));
}

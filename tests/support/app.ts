import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { vi } from 'vitest';
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

/** Every backend of the end-to-end suite: `describe.each(backends)('…, $name', (backend) => …)`. */
export const backends: readonly Backend[] = [
  { name: 'browser host', kind: 'browser' },
  { name: `desktop app on ${'path' in electron ? `Electron ${electron.version}` : 'the stand-in'}`, kind: 'desktop' },
];

/** What each kind of backend brings. */
export interface Running {
  readonly page: Page;
  /** Has the next file that the app saves written to `path`, when `act` makes it save one. */
  save(path: string, act: () => Promise<void>): Promise<void>;
  /** Picks `path` when `act` makes the app ask for a file. */
  open(path: string, act: () => Promise<void>): Promise<void>;
  /** Ends the app in order, as its user does; gives its exit code. */
  close(): Promise<number | null>;
}

/** The built app while it runs for a test, with a home folder of its own. */
export interface App extends Omit<Running, 'save'> {
  readonly home: string;
  /** What went wrong on the page unseen: errors on its console, exceptions, violations of its policy. */
  readonly problems: readonly string[];
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
    problems,
    open: running.open,
    async save(path, act) {
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

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { defaultSettings } from '#shared/contract/models.ts';
import { type App, type Backend, launchApp } from './app.ts';
import { atEndOfProcess } from './app-environment.ts';
import { root } from './build-setup.ts';
import { answerOf } from './session.ts';
import { WorkbenchPage } from './workbench-page.ts';

interface Suite {
  readonly app: App;
  readonly bench: WorkbenchPage;
}

/** The apps that run in this process, by the name of their backend. */
const running = new Map<string, App>();

async function end(name: string): Promise<void> {
  const app = running.get(name);
  running.delete(name);
  await app?.close();
}

// Whether they end in order is for the smoke test: nothing that is found at this point fails the run.
atEndOfProcess(async () => {
  for (const name of running.keys()) await end(name);
});

/** The app on `backend`, as if it had just been started. */
async function take(backend: Backend): Promise<App> {
  const shared = running.get(backend.name);
  if (shared) {
    await reset(shared);
    return shared;
  }
  const app = await launchApp(backend);
  running.set(backend.name, app);
  return app;
}

/**
 * One app for all tests on a backend, in this file and the others of its process: one host, one browser, one page. Each test
 * gets it as if it had just been started (see `reset`), and nothing may have gone wrong on the page when the test has ended.
 * After a test that failed the next one gets another app, and a picture of its page is kept in tests/.artifacts/failures.
 * `handed` receives the app before each test.
 */
export function shareApp(backend: Backend, handed: (suite: Suite) => void): void {
  handApp(backend, handed, () => true);
}

/**
 * As `shareApp`, for tests that are steps of one journey: the page stays as it is between them. `prepare` receives the app before the
 * first test, and again after a test that failed. A reload and what a test needs open take longer than most steps.
 */
export function continueApp(backend: Backend, prepare: (suite: Suite) => void | Promise<void>): void {
  handApp(backend, prepare, (state) => state === 'fail');
}

function handApp(
  backend: Backend,
  prepare: (suite: Suite) => void | Promise<void>,
  isDone: (state: string | undefined) => boolean,
): void {
  let app: App | undefined;
  beforeEach(async () => {
    if (app) return;
    app = await take(backend);
    await prepare({ app, bench: new WorkbenchPage(app.page) });
  });
  afterEach(async ({ task }) => {
    const shared = app;
    const problems = shared?.problems.splice(0);
    const state = problems?.length ? 'fail' : task.result?.state;
    if (isDone(state)) app = undefined;
    if (task.result?.state === 'fail') {
      const picture = join(root, 'tests/.artifacts/failures', `${task.file.name}-${task.id}.png`);
      await shared?.page.screenshot({ path: picture });
      await end(backend.name);
    }
    expect(problems).toEqual([]);
  });
}

/**
 * Brings an app back to how it starts: nothing open, an empty session and no stored one, the settings of a first run, and a
 * page that remembers nothing. Throws where any of that is not so.
 */
async function reset({ client, page, home }: App): Promise<void> {
  const { endpoints, sessions } = answerOf(await client.call('app.snapshot', {}));
  for (const { id } of endpoints) answerOf(await client.call('endpoints.remove', { id }));
  for (const { id, state } of sessions) {
    if (state === 'read-only') answerOf(await client.call('sessions.close', { session: id }));
  }
  answerOf(await client.call('programs.clear', {}));
  answerOf(await client.call('sessions.begin', {}));
  const stored = answerOf(await client.call('sessions.stored', {})).sessions;
  for (const { reference, state } of stored) {
    if (state !== 'recording') answerOf(await client.call('sessions.delete', { stored: reference }));
  }

  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: null });
  const workspace = answerOf(await client.call('workspace.get', {})).id;
  const blank = JSON.stringify({ tabs: [{ kind: 'start' }], active: 0, workspace });
  await page.evaluate((kept) => {
    // The page stores its settings and drafts a moment after they change: not any more.
    for (let timer = window.setTimeout(() => {}); timer > 0; timer -= 1) clearTimeout(timer);
    // It also stores them when it unloads. Here, the next page starts blank instead of with what the workspace has stored.
    for (const event of ['pagehide', 'visibilitychange'] as const) {
      const listener = (left: Event) => {
        left.stopImmediatePropagation();
        sessionStorage.setItem('wirebench.page', kept);
        localStorage.clear();
      };
      addEventListener(event, listener, { capture: true });
    }
  }, blank);
  answerOf(await client.call('settings.set', defaultSettings));
  // The drafts belong to the page, which has not ended yet: no other may delete them.
  for (const name of await readdir(home, { recursive: true })) {
    if (name.endsWith('.draft')) await rm(join(home, name), { force: true });
  }
  await page.reload();
  await page.getByRole('button', { name: 'Launch local server' }).waitFor();

  const { endpoints: left, sockets, sessions: open } = answerOf(await client.call('app.snapshot', {}));
  expect({ endpoints: left, sockets, sessions: open }).toMatchObject({
    endpoints: [],
    sockets: [],
    sessions: [{ state: 'recording', total: 0 }],
  });
  expect(answerOf(await client.call('settings.get', {}))).toEqual(defaultSettings);
  expect(await page.getByRole('tab').count(), 'tabs of the page').toBe(1);
}

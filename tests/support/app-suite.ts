import { afterEach, beforeEach, expect } from 'vitest';
import { type App, type Backend, launchApp } from './app.ts';
import { WorkbenchPage } from './workbench-page.ts';

/** Starts the app anew for each test of a suite, hands it over, and ends it; nothing may have gone wrong on its page. */
export function launchForEach(
  backend: Backend,
  launched: (running: { readonly app: App; readonly bench: WorkbenchPage }) => void,
): void {
  let app: App | undefined;
  beforeEach(async () => {
    app = await launchApp(backend);
    launched({ app, bench: new WorkbenchPage(app.page) });
  });
  afterEach(async () => {
    const ended = app;
    app = undefined;
    await ended?.close();
    expect(ended?.problems).toEqual([]);
  });
}

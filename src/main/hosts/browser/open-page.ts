import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * Shows the document in `file` to the user: in a window of its own where Chrome, Chromium or Edge is found, else in the
 * browser they use. Does not wait for it. Calls `onFailure` with the reason where no browser could be started.
 */
export function openPage(file: string, onFailure: (reason: string) => void): void {
  show(file).catch((error: unknown) => onFailure(error instanceof Error ? error.message : String(error)));
}

/** Each attempt lasts as long as the browser that it started. */
async function show(file: string): Promise<unknown> {
  const { default: open, apps, openApp } = await import('open');
  // A browser of Windows finds a file of its Linux (WSL) only under a name that `open` gives it.
  if (process.env.WSL_DISTRO_NAME) return open(file);
  const asApp = { arguments: [`--app=${pathToFileURL(file).href}`] };
  /** A browser that ended after it had used the file was one that works. */
  const unlessUsed = (next: () => Promise<unknown>) => () => (existsSync(file) ? next() : undefined);
  return openApp(apps.chrome, asApp)
    .catch(unlessUsed(() => openApp(apps.edge, asApp)))
    .catch(unlessUsed(() => open(file)));
}

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * Opens the document in `file`: in an app window of Chrome, Chromium or Edge if one is installed, else in the default
 * browser. Does not wait for the browser. Calls `onFailure` with the reason if no browser could be started.
 */
export function openPage(file: string, onFailure: (reason: string) => void): void {
  show(file).catch((error: unknown) => onFailure(error instanceof Error ? error.message : String(error)));
}

/** Resolves when the browser that was started ends. */
async function show(file: string): Promise<unknown> {
  const { default: open, apps, openApp } = await import('open');
  // A Windows browser needs the Windows path of a file in WSL, which `open` converts.
  if (process.env.WSL_DISTRO_NAME) return open(file);
  const asApp = { arguments: [`--app=${pathToFileURL(file).href}`] };
  /** A browser that used the file has deleted it; no other browser is needed then. */
  const unlessUsed = (next: () => Promise<unknown>) => () => (existsSync(file) ? next() : undefined);
  return openApp(apps.chrome, asApp)
    .catch(unlessUsed(() => openApp(apps.edge, asApp)))
    .catch(unlessUsed(() => open(file)));
}

/** Returns why no window can be shown on this machine, or `undefined` if there is a display. */
export function noDisplay(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string | undefined {
  if (platform === 'win32') return undefined;
  if (platform === 'darwin') return env.SSH_CONNECTION ? 'this is a remote session' : undefined;
  return env.DISPLAY || env.WAYLAND_DISPLAY ? undefined : 'there is no display';
}

import open, { apps, openApp } from 'open';

/**
 * Shows `address` to the user: in a window of its own where Chrome, Chromium or Edge is found, else in the browser they
 * use. Does not wait for it. `onFailure` hears why it could not.
 */
export function openPage(address: string, onFailure: (reason: string) => void): void {
  const asApp = { arguments: [`--app=${address}`] };
  // Each attempt lasts as long as the browser it started, so nobody waits for it.
  openApp(apps.chrome, asApp)
    .catch(() => openApp(apps.edge, asApp))
    .catch(() => open(address))
    .catch((error: unknown) => onFailure(error instanceof Error ? error.message : String(error)));
}

/**
 * Shows `address` to the user: in a window of its own where Chrome, Chromium or Edge is found, else in the browser they
 * use. Does not wait for it. `onFailure` hears why it could not.
 */
export function openPage(address: string, onFailure: (reason: string) => void): void {
  show(address).catch((error: unknown) => onFailure(error instanceof Error ? error.message : String(error)));
}

/** Each attempt lasts as long as the browser that it started. */
async function show(address: string): Promise<unknown> {
  const { default: open, apps, openApp } = await import('open');
  const asApp = { arguments: [`--app=${address}`] };
  return openApp(apps.chrome, asApp)
    .catch(() => openApp(apps.edge, asApp))
    .catch(() => open(address));
}

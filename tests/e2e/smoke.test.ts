import { afterEach, describe, expect, it } from 'vitest';
import { type App, backendsOf, browserBackend, launchApp } from '#support/app.ts';

describe.each(backendsOf('smoke'))('the built app, $name', (backend) => {
  let app: App | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  it('shows its page without an error, and ends in order', async () => {
    app = await launchApp(backend);
    await app.page.getByRole('heading', { name: 'Wirebench' }).waitFor();
    expect(await app.page.title()).toContain('Wirebench');
    expect(app.problems).toEqual([]);
    expect(await app.close()).toBe(0);
    app = undefined;
  });
});

describe('the page in a browser', () => {
  it('takes its token out of the address, and keeps it over a reload', async () => {
    const app = await launchApp(browserBackend);
    try {
      await app.page.waitForFunction(() => location.hash === '');
      expect(app.page.url()).not.toContain('token');
      const connecting = app.page.waitForEvent('websocket');
      await app.page.reload();
      const socket = await connecting;
      await socket.waitForEvent('framereceived');
      expect(app.page.url()).not.toContain('token');
      expect(app.problems).toEqual([]);
    } finally {
      await app.close();
    }
  });
});

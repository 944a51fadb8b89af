import { afterEach, describe, expect, it } from 'vitest';
import { type App, backends, launchApp } from '#support/app.ts';

describe.each(backends)('the built app, $name', (backend) => {
  let app: App | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  it('shows its page without an error, and ends in order', async () => {
    app = await launchApp(backend);
    await app.page.waitForFunction(() => (document.getElementById('root')?.childElementCount ?? 0) > 0);
    expect(await app.page.title()).toContain('Wirebench');
    expect(app.problems).toEqual([]);
    expect(await app.close()).toBe(0);
    app = undefined;
  });
});

import type { Services } from './services.ts';

/** Whether all is known that the window shows first. */
export function isReady({ live, settings }: Pick<Services, 'live' | 'settings'>): boolean {
  return live.getState().ready && settings.getState().loaded;
}

/**
 * Resolves when the window can be drawn as it is, and after `limitMs` in any case. Mostly the engine answers while the
 * page's scripts are still loading; so the page is drawn once, not first without and then with what the engine has.
 */
export function firstState(services: Pick<Services, 'live' | 'settings'>, limitMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (isReady(services)) resolve();
  };
  const stops = [services.live.subscribe(look), services.settings.subscribe(look)];
  const timer = setTimeout(resolve, limitMs);
  look();
  return promise.finally(() => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  });
}

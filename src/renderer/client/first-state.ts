import type { Services } from './services.ts';

/** Returns true once the first snapshot and the settings are loaded. */
export function isReady({ live, settings }: Pick<Services, 'live' | 'settings'>): boolean {
  return live.getState().ready && settings.getState().loaded;
}

/**
 * Resolves when the engine's state is known, or after `limitMs`. The engine usually answers while the page's scripts load,
 * so that the page is drawn only once.
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

import type { Page } from 'playwright-core';

/** The frames of a page while something happened on it. Milliseconds. */
export interface Frames {
  readonly count: number;
  /** 95 of 100 frames came sooner after the one before. */
  readonly p95: number;
  readonly longest: number;
}

interface Watched extends Window {
  framesSeen?: number[];
}

/** Does `act`, then has the page draw `more` frames; returns the times between all of these. */
export async function framesDuring(page: Page, act: () => Promise<void>, more = 30): Promise<Frames> {
  // What `act` does lies between two frames, so that the first one comes before it.
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const seen: number[] = [];
        (window as Watched).framesSeen = seen;
        const next = (now: number) => {
          seen.push(now);
          if (seen.length === 1) resolve();
          if ((window as Watched).framesSeen === seen) requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
  );
  await act();
  const times = await page.evaluate(
    (wanted) =>
      new Promise<number[]>((resolve) => {
        let left = wanted;
        const next = () => {
          left -= 1;
          if (left > 0) {
            requestAnimationFrame(next);
            return;
          }
          resolve((window as Watched).framesSeen ?? []);
          delete (window as Watched).framesSeen;
        };
        requestAnimationFrame(next);
      }),
    more,
  );
  const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
  gaps.sort((first, second) => first - second);
  return {
    count: gaps.length,
    p95: gaps[Math.floor(gaps.length * 0.95)] ?? Number.NaN,
    longest: gaps.at(-1) ?? Number.NaN,
  };
}

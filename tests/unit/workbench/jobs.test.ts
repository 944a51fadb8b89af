import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { Jobs } from '#workbench/jobs.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('progress is told at most 30 times a second, the last figure too where nothing follows', async () => {
  const told: number[] = [];
  const jobs = new Jobs((event: WorkbenchEvent) => {
    if (event.kind === 'job.progress') told.push(event.done);
  });
  const stalled = Promise.withResolvers<void>();
  const running = jobs.run('send', async ({ onProgress }) => {
    for (let done = 1; done <= 500; done += 1) onProgress?.(done, 1_000);
    await stalled.promise;
  });
  expect(told).toEqual([1]);
  vi.advanceTimersByTime(100);
  expect(told).toEqual([1, 500]);
  stalled.resolve();
  await running;
  vi.advanceTimersByTime(100);
  expect(told).toEqual([1, 500]);
});

test('work is called off by its name, and by no name when all ends', async () => {
  const jobs = new Jobs(() => {});
  const aborted = (job: string) =>
    jobs.run(
      job,
      ({ signal }) => new Promise<string>((resolve) => signal?.addEventListener('abort', () => resolve(job))),
    );
  const one = aborted('one');
  const other = aborted('other');
  jobs.cancel('one');
  expect(await one).toBe('one');
  jobs.cancelAll();
  expect(await other).toBe('other');
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { Tasks } from '#workbench/tasks.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('progress is told at most 30 times a second, the last figure too where nothing follows', async () => {
  const told: number[] = [];
  const tasks = new Tasks((event: WorkbenchEvent) => {
    if (event.kind === 'task.progress') told.push(event.done);
  });
  const stalled = Promise.withResolvers<void>();
  const running = tasks.run('send', async ({ onProgress }) => {
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
  const tasks = new Tasks(() => {});
  const aborted = (task: string) =>
    tasks.run(
      task,
      ({ signal }) => new Promise<string>((resolve) => signal?.addEventListener('abort', () => resolve(task))),
    );
  const one = aborted('one');
  const other = aborted('other');
  tasks.cancel('one');
  expect(await one).toBe('one');
  tasks.cancelAll();
  expect(await other).toBe('other');
});

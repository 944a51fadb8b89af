import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defaultSettings } from '#shared/contract/models.ts';
import { Retention } from '#workbench/retention.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function retention() {
  const limits = { sessions: 7, bytes: 70_000_000 };
  const retain = vi.fn(async () => ['/sessions/old.wirebench']);
  const settings = { get: async () => ({ ...defaultSettings, retention: limits }) };
  return { retain, limits, retention: new Retention({ retain }, settings) };
}

test('the folder is looked at some seconds after the start, not before, with the limits of the settings', async () => {
  const { retain, limits } = retention();
  await vi.advanceTimersByTimeAsync(4_900);
  expect(retain).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(retain).toHaveBeenCalledExactlyOnceWith(limits, expect.any(AbortSignal));
});

test('one look comes after the other', async () => {
  const { retain, retention: looking } = retention();
  const first = Promise.withResolvers<string[]>();
  retain.mockImplementationOnce(() => first.promise);
  const looks = [looking.look(), looking.look()];
  await vi.advanceTimersByTimeAsync(0);
  expect(retain).toHaveBeenCalledTimes(1);
  first.resolve([]);
  expect(await Promise.all(looks)).toEqual([[], ['/sessions/old.wirebench']]);
});

test('the end looks once more, and no later', async () => {
  const { retain, retention: looking } = retention();
  await looking.end();
  expect(retain).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(retain).toHaveBeenCalledTimes(1);
});

test('what was under way at the end is told to stop', async () => {
  const { retain, retention: looking } = retention();
  let signal: AbortSignal | undefined;
  const stopped = Promise.withResolvers<string[]>();
  retain.mockImplementationOnce((...args: unknown[]) => {
    signal = args[1] as AbortSignal;
    signal.addEventListener('abort', () => stopped.resolve([]));
    return stopped.promise;
  });
  void looking.look();
  await vi.advanceTimersByTimeAsync(0);
  await looking.end();
  expect(signal?.aborted).toBe(true);
  expect(retain).toHaveBeenCalledTimes(2);
});

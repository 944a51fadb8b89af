import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defaultSettings } from '#shared/contract/models.ts';
import { Retention, SettingsFile } from '#workbench/settings.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test('changes that come together are all kept, also while the file is still being read', async () => {
  await new SettingsFile(home).set({ layout: { sidebar: 200 }, filters: ['in'] });
  const file = new SettingsFile(home);
  await Promise.all([file.set({ theme: 'dark' }), file.set({ layout: { inspector: 300 } })]);
  const expected = { ...defaultSettings, theme: 'dark', layout: { inspector: 300 }, filters: ['in'] };
  expect(await file.get()).toEqual(expected);
  expect(JSON.parse(await readFile(join(home, 'settings.json'), 'utf8'))).toEqual(expected);
  expect(await readdir(home)).toEqual(['settings.json']);
});

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

test('running work is stopped at the end', async () => {
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

import { expect, test, vi } from 'vitest';
import { persistSettings, setLayout } from '../../../../src/renderer/state/settings.ts';
import { inputsOf } from '../fake-endpoints.ts';
import { fakeHost } from '../fake-services.ts';

/** Settings that are loaded and kept, with what was stored of their layout. */
async function keptSettings() {
  vi.useFakeTimers();
  const host = fakeHost({});
  const { client, settings } = host.services;
  const stop = persistSettings(client, settings);
  await vi.waitUntil(() => settings.getState().loaded);
  const stored = () => inputsOf(host, 'settings.set').map((input) => Reflect.get(Object(input), 'layout'));
  return { settings, stored, stop };
}

test('a change is stored at once: the page may be gone a moment later', async () => {
  const { settings, stored } = await keptSettings();
  setLayout(settings, 'width', 200);
  expect(stored()).toEqual([{ width: 200 }]);
});

test('the changes of a burst after the first are stored together', async () => {
  const { settings, stored } = await keptSettings();
  for (const width of [200, 201, 202, 203]) setLayout(settings, 'width', width);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(stored()).toEqual([{ width: 200 }, { width: 203 }]);
});

test('nothing is stored of what was loaded, or after the end', async () => {
  const { settings, stored, stop } = await keptSettings();
  settings.setState({ loaded: true });
  setLayout(settings, 'width', 200);
  setLayout(settings, 'width', 201);
  stop();
  setLayout(settings, 'width', 202);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(stored()).toEqual([{ width: 200 }]);
});

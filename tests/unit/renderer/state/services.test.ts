import { expect, test, vi } from 'vitest';
import { applySnapshot } from '../../../../src/renderer/bridge/live-store.ts';
import { firstState } from '../../../../src/renderer/state/services.ts';
import { fakeHost } from '../fake-services.ts';

test('the window waits for the engine and the settings, and for the last of them only', async () => {
  const { services } = fakeHost({});
  const drawn = vi.fn();
  const waiting = firstState(services, 60_000).then(drawn);
  services.live.setState((state) =>
    applySnapshot(state, { endpoints: [], sockets: [], sessions: [], jobs: [], programs: [] }),
  );
  await Promise.resolve();
  expect(drawn).not.toHaveBeenCalled();
  services.settings.setState({ loaded: true });
  await waiting;
  expect(drawn).toHaveBeenCalledOnce();
});

test('an engine that does not answer keeps the window from being drawn no longer than the limit', async () => {
  vi.useFakeTimers();
  const drawn = vi.fn();
  void firstState(fakeHost({}).services, 150).then(drawn);
  await vi.advanceTimersByTimeAsync(149);
  expect(drawn).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(drawn).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

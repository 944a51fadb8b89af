import type { CallName } from '#shared/contract/contract.ts';
import type { EndpointView } from '#shared/contract/models.ts';
import { ok } from '#shared/failure.ts';
import { type Answers, endpointView, type FakeHost, fakeHost } from './fake-services.ts';

/**
 * A host that keeps one endpoint, `e1`, which is as `first` until it is created: it is changed, opened, closed and removed.
 * `answers` replace what it answers.
 */
export function endpointHost(answers: Answers = {}, first = endpointView('e1')): FakeHost {
  let view = first;
  const set = (change: Partial<EndpointView>) => {
    view = { ...view, ...change };
    return ok(view);
  };
  return fakeHost({
    'endpoints.create': (config) => set({ config }),
    'endpoints.update': ({ config }) => set({ config }),
    'endpoints.open': () => {
      const { role, host, port } = view.config;
      // Where 0 is asked for, the system gives a port.
      return set({ state: role === 'server' ? 'listening' : 'connected', address: `${host}:${port || 40_001}` });
    },
    'endpoints.close': () => set({ state: 'closed', address: '', ended: { cause: 'local' } }),
    'endpoints.remove': () => ok({}),
    'endpoints.clear': () => ok({}),
    'samples.list': () => ok([]),
    'system.options': () => ok({ options: [] }),
    ...answers,
  });
}

/** What the call `name` was made with, each time. */
export function inputsOf({ calls }: Pick<FakeHost, 'calls'>, name: CallName): unknown[] {
  return calls.filter((call) => call.name === name).map(({ input }) => input);
}

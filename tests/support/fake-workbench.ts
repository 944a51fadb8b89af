import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { fail } from '#shared/failure.ts';
import { FileGrants } from '#workbench/file-grants.ts';
import type { Workbench } from '#workbench/workbench.ts';

/** A workbench for tests of the hosts: answers what a test gives it, and `unsupported` to everything else. */
export interface FakeWorkbench extends Workbench {
  /** Pushes `event` to every subscriber. */
  push(event: WorkbenchEvent): void;
}

const unsupported = () => fail('unsupported', 'The test did not expect this call');

const none: Workbench['handlers'] = {
  'app.snapshot': unsupported,
  'settings.get': unsupported,
  'payloads.get': unsupported,
  'payloads.keep': unsupported,
  'payloads.forget': unsupported,
  'settings.set': unsupported,
  'samples.list': unsupported,
  'endpoints.create': unsupported,
  'endpoints.update': unsupported,
  'endpoints.remove': unsupported,
  'endpoints.clear': unsupported,
  'endpoints.open': unsupported,
  'endpoints.close': unsupported,
  'endpoints.accepting': unsupported,
  'endpoints.addPeer': unsupported,
  'system.options': unsupported,
  'sockets.send': unsupported,
  'sockets.reading': unsupported,
  'sockets.frame': unsupported,
  'sockets.waiting': unsupported,
  'sessions.guessFramings': unsupported,
  'sessions.reframe': unsupported,
  'sockets.ping': unsupported,
  'sockets.shutdown': unsupported,
  'sockets.close': unsupported,
  'sockets.reset': unsupported,
  'sessions.window': unsupported,
  'sessions.payload': unsupported,
  'sessions.save': unsupported,
  'sessions.begin': unsupported,
  'sessions.open': unsupported,
  'sessions.unfilter': unsupported,
  'sessions.locate': unsupported,
  'sessions.find': unsupported,
  'sessions.search': unsupported,
  'sessions.reads': unsupported,
  'sessions.mark': unsupported,
  'sessions.statistics': unsupported,
  'sessions.estimate': unsupported,
  'sessions.move': unsupported,
  'sessions.retry': unsupported,
  'sessions.rename': unsupported,
  'sessions.stored': unsupported,
  'sessions.delete': unsupported,
  'sessions.close': unsupported,
  'tasks.cancel': unsupported,
};

export function fakeWorkbench(handlers: Partial<Workbench['handlers']> = {}): FakeWorkbench {
  const listeners = new Set<(event: WorkbenchEvent) => void>();
  return {
    handlers: { ...none, ...handlers },
    files: new FileGrants(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    push(event) {
      for (const listener of listeners) listener(event);
    },
    close: async () => undefined,
  };
}

import { contract, type WorkbenchEvent } from '#shared/contract/contract.ts';
import { fail } from '#shared/failure.ts';
import { FileGrants } from '#workbench/file-grants.ts';
import type { Workbench } from '#workbench/workbench.ts';

/** A workbench for tests of the hosts: answers what a test gives it, and `unsupported` to everything else. */
export interface FakeWorkbench extends Workbench {
  /** Pushes `event` to every subscriber. */
  push(event: WorkbenchEvent): void;
}

const unsupported = () => fail('unsupported', 'The test did not expect this call');

const none = Object.fromEntries(
  Object.keys(contract).map((name) => [name, unsupported]),
) as never as Workbench['handlers'];

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

import type { Client } from '#shared/contract/client.ts';
import type { CallInput, CallName, WorkbenchEvent } from '#shared/contract/contract.ts';

/**
 * The same client, whose events are parsed once for all who listen and not once for each: one event may tell of thousands
 * of sockets, thirty times a second.
 */
export function sharingEvents(client: Client): Client {
  const listeners = new Set<(event: WorkbenchEvent) => void>();
  let stop: (() => void) | undefined;
  return {
    call<Name extends CallName>(name: Name, input: CallInput<Name>) {
      return client.call(name, input);
    },
    subscribe(listener) {
      // A listener of its own, so that one who subscribes twice hears twice.
      const own = (event: WorkbenchEvent) => listener(event);
      listeners.add(own);
      stop ??= client.subscribe((event) => {
        for (const one of [...listeners]) one(event);
      });
      return () => {
        listeners.delete(own);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}

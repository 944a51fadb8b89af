import type { Client } from '#shared/contract/client.ts';
import type { CallInput, CallName, WorkbenchEvent } from '#shared/contract/contract.ts';

/**
 * Returns `client` with its events parsed once for all listeners: an event may list thousands of sockets, thirty times a
 * second.
 */
export function sharingEvents(client: Client): Client {
  const listeners = new Set<(event: WorkbenchEvent) => void>();
  let stop: (() => void) | undefined;
  return {
    call<Name extends CallName>(name: Name, input: CallInput<Name>) {
      return client.call(name, input);
    },
    subscribe(listener) {
      // Wrapped, so that subscribing a function twice calls it twice.
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

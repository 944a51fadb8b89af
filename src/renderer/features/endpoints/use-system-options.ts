import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/client.ts';
import type { SystemOption } from '#shared/contract/models.ts';
import { useServices } from '../../client/use-services.ts';

/** Queried once: a system's options do not change while it runs. */
const known = new WeakMap<Client, readonly SystemOption[]>();
const none: readonly SystemOption[] = [];

/** Returns the socket options of the engine's system; empty until they are loaded, or if they are not available. */
export function useSystemOptions(): readonly SystemOption[] {
  const { client } = useServices();
  const [options, setOptions] = useState(known.get(client) ?? none);
  useEffect(() => {
    if (known.has(client)) return;
    let stale = false;
    void client.call('system.options', {}).then((answer) => {
      if (!answer.ok) return;
      known.set(client, answer.value.options);
      if (!stale) setOptions(answer.value.options);
    });
    return () => {
      stale = true;
    };
  }, [client]);
  return options;
}

import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/client.ts';
import type { SystemOption } from '#shared/contract/models.ts';
import { useServices } from '../../client/use-services.ts';

/** What a system's options are does not change while it runs: asked for once. */
const known = new WeakMap<Client, readonly SystemOption[]>();
const none: readonly SystemOption[] = [];

/** The options of sockets as this system has them; none until they are here, or where it does not tell. */
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

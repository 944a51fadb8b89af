import { useEffect, useState } from 'react';
import type { Scope } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/export/export-formats.ts';
import { useServices } from '../../client/use-services.ts';
import { strings } from './strings.ts';

/** Delays the query while the user is still selecting. */
const pauseMs = 200;

/** Returns the estimated number of records and size of a save, or a placeholder while it is computed. */
export function useEstimate(session: string, format: SaveFormat, scope: Scope): string {
  const { client } = useServices();
  const key = JSON.stringify([session, format, scope]);
  const [known, setKnown] = useState<{ readonly key: string; readonly text: string }>();
  useEffect(() => {
    const [id, chosen, part] = JSON.parse(key) as [string, SaveFormat, Scope];
    const job = crypto.randomUUID();
    let stale = false;
    let asked = false;
    const timer = setTimeout(async () => {
      asked = true;
      const estimate = await client.call('sessions.estimate', { session: id, format: chosen, scope: part, job });
      asked = false;
      if (stale) return;
      const text = estimate.ok
        ? strings.save.estimate(estimate.value.records, estimate.value.bytes)
        : `${estimate.error.message}.`;
      setKnown({ key, text });
    }, pauseMs);
    return () => {
      stale = true;
      clearTimeout(timer);
      if (asked) void client.call('jobs.cancel', { job });
    };
  }, [client, key]);
  return known?.key === key ? known.text : strings.save.counting;
}

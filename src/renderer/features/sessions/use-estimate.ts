import { useEffect, useState } from 'react';
import type { Scope } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/export/export-formats.ts';
import { useServices } from '../../client/use-services.ts';
import { bytesText, countOf } from '../../ui/figures.ts';

/** Nothing is asked while one is still choosing. */
const pauseMs = 200;

/** How many records a save would write, and about how large the file would be: in words, while it is found out too. */
export function useEstimate(session: string, format: SaveFormat, scope: Scope): string {
  const { client } = useServices();
  const key = JSON.stringify([session, format, scope]);
  const [known, setKnown] = useState<{ readonly key: string; readonly text: string }>();
  useEffect(() => {
    const [id, chosen, part] = JSON.parse(key) as [string, SaveFormat, Scope];
    const task = crypto.randomUUID();
    let stale = false;
    let asked = false;
    const timer = setTimeout(async () => {
      asked = true;
      const estimate = await client.call('sessions.estimate', { session: id, format: chosen, scope: part, task });
      asked = false;
      if (stale) return;
      const text = estimate.ok
        ? `${countOf(estimate.value.records, 'record')}, about ${bytesText(estimate.value.bytes)}`
        : `${estimate.error.message}.`;
      setKnown({ key, text });
    }, pauseMs);
    return () => {
      stale = true;
      clearTimeout(timer);
      if (asked) void client.call('tasks.cancel', { task });
    };
  }, [client, key]);
  return known?.key === key ? known.text : 'Counting…';
}

import { useEffect, useState } from 'react';
import { maxWindowRows } from '#shared/contract/limits.ts';
import type { SessionView } from '#shared/contract/models.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { useServices } from '../../client/use-services.ts';

/** Returns the sockets to offer for a session: those of its first and last records, and of the selected record. */
export function useSockets({ id, total }: SessionView, chosen: number): readonly SocketInfo[] {
  const { client, selection, tabs } = useServices();
  const [known, setKnown] = useState<readonly SocketInfo[]>([]);
  const [last] = useState(Math.max(0, total - maxWindowRows));
  useEffect(() => {
    let stale = false;
    const ask = (first: number) => client.call('sessions.window', { session: id, first, count: maxWindowRows });
    void Promise.all([ask(0), last > 0 ? ask(last) : undefined]).then((answers) => {
      const found = new Map<number, SocketInfo>();
      for (const answer of answers) if (answer?.ok) for (const info of answer.value.sockets) found.set(info.id, info);
      const info = selection.getState().byTab[tabs.getState().active]?.info;
      if (info?.id === chosen) found.set(info.id, info);
      if (!stale) setKnown([...found.values()].sort((a, b) => a.id - b.id));
    });
    return () => {
      stale = true;
    };
  }, [client, selection, tabs, id, last, chosen]);
  return known;
}

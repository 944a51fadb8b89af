import { useEffect, useMemo, useState } from 'react';
import type { Selection } from '../../client/selection-store.ts';
import { useServices } from '../../client/use-services.ts';
import { type ReadPart, readParts } from './reads.ts';

const none: readonly ReadPart[] = [];

/** Returns the reads that returned a received message; none without framing, or while they are unknown. */
export function useReads(selection: Selection | undefined): readonly ReadPart[] {
  const { client } = useServices();
  const row = selection?.row;
  const isFramed = row?.kind === 'in' && row.length > 0 && selection?.info?.framing !== 'raw';
  const session = selection?.session ?? '';
  const { seq = -1, socket = 0, offset = 0, length = 0 } = row ?? {};
  const [known, setKnown] = useState<{ readonly key: string; readonly parts: readonly ReadPart[] }>();
  const key = `${session} ${seq}`;
  useEffect(() => {
    if (!isFramed) return;
    let stale = false;
    void client.call('sessions.reads', { session, socket, from: offset, to: offset + length }).then((answer) => {
      // A failure is ignored: the reads are additional information.
      if (!stale && answer.ok) setKnown({ key, parts: readParts({ offset, length }, answer.value.reads) });
    });
    return () => {
      stale = true;
    };
  }, [client, isFramed, session, socket, offset, length, key]);
  return useMemo(() => (isFramed && known?.key === key ? known.parts : none), [isFramed, known, key]);
}

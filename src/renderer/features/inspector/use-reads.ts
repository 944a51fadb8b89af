import { useEffect, useMemo, useState } from 'react';
import type { Selection } from '../../client/selection-store.ts';
import { useServices } from '../../client/use-services.ts';
import { type ReadPart, readParts } from './reads.ts';

const none: readonly ReadPart[] = [];

/** The reads in which a received message came; none where each message is a read, or where they are not known. */
export function useReads(selection: Selection | undefined): readonly ReadPart[] {
  const { client } = useServices();
  const row = selection?.row;
  const isCut = row?.kind === 'in' && row.length > 0 && selection?.info?.framing !== 'raw';
  const session = selection?.session ?? '';
  const { seq = -1, socket = 0, offset = 0, length = 0 } = row ?? {};
  const [known, setKnown] = useState<{ readonly key: string; readonly parts: readonly ReadPart[] }>();
  const key = `${session} ${seq}`;
  useEffect(() => {
    if (!isCut) return;
    let stale = false;
    void client.call('sessions.reads', { session, socket, from: offset, to: offset + length }).then((answer) => {
      // Without them the message is shown as it is; they are news, not what was asked for.
      if (!stale && answer.ok) setKnown({ key, parts: readParts({ offset, length }, answer.value.reads) });
    });
    return () => {
      stale = true;
    };
  }, [client, isCut, session, socket, offset, length, key]);
  return useMemo(() => (isCut && known?.key === key ? known.parts : none), [isCut, known, key]);
}

import { useEffect, useState } from 'react';
import { useStore } from 'zustand/react';
import { type Draft, maxTypedLength, writtenOf } from '../../state/drafts.ts';
import { useLive, useServices } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import type { ByteCheck } from './check-bytes.ts';
import { quickLength } from './payload-threads.ts';
import { targetsOf } from './send-command.ts';
import { needsByteCheck } from './written-payload.ts';

/** A template and a long text are checked after a pause in typing. */
const pauseMs = 200;

/** Returns the first socket that a draft is sent to: a preview has its values. */
export function useFirstTarget(tab: EndpointTab, draft: Pick<Draft, 'target'>): number | undefined {
  return useLive((live) => {
    const endpoint = tab.endpoint === undefined ? undefined : live.endpoints.get(tab.endpoint);
    return endpoint && targetsOf(live, endpoint, draft)[0];
  });
}

/**
 * Returns the bytes that a draft is sent as, and their problems; `undefined` for one that is sent as the bytes of its text, and until
 * they are made. During typing, it is the result for the text before.
 */
export function useByteCheck(tab: EndpointTab, draft: Draft): ByteCheck | undefined {
  const { client, workspace } = useServices();
  const environment = useStore(workspace, (state) => state.environment);
  const socket = useFirstTarget(tab, draft);
  const { format, text, encoding, template, checksum, file } = draft;
  const isNeeded = !file && text.length <= maxTypedLength && needsByteCheck(draft);
  const [found, setFound] = useState<{ readonly tab: string; readonly check: ByteCheck }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the environment is part of what is written
  useEffect(() => {
    if (!isNeeded) return setFound(undefined);
    let isCurrent = true;
    const payload = writtenOf({ workspace }, { format, text, encoding, template, checksum });
    const run = async () => {
      const { checkBytes } = await import('./check-bytes.ts');
      const check = await checkBytes(client, payload, socket);
      if (isCurrent) setFound({ tab: tab.id, check });
    };
    const timer = setTimeout(() => void run(), template || text.length > quickLength ? pauseMs : 0);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, workspace, isNeeded, format, text, encoding, template, checksum, socket, environment, tab.id]);
  return isNeeded && found?.tab === tab.id ? found.check : undefined;
}

import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand/react';
import { recordingOf } from './live-store.ts';
import { refreshStored, type StoredState, storedKey } from './stored-store.ts';
import { useLive, useServices } from './use-services.ts';

/**
 * Returns the stored sessions. Queries them when the component is first shown, when they may have changed, and when the window
 * gets the focus. The session being recorded is included once it has a record.
 */
export function useStored(): StoredState {
  const services = useServices();
  useEffect(() => {
    void refreshStored(services);
    let key = storedKey(services.live.getState());
    return services.live.subscribe((live) => {
      const next = storedKey(live);
      if (next === key) return;
      key = next;
      void refreshStored(services);
    });
  }, [services]);
  useEffect(() => {
    const onFocus = () => void refreshStored(services);
    window.addEventListener('focus', onFocus);
    return () => window.removeEventListener('focus', onFocus);
  }, [services]);
  const stored = useStore(services.stored);
  const hasRecords = useLive((live) => (recordingOf(live)?.total ?? 0) > 0);
  return useMemo(
    () => (hasRecords ? stored : { ...stored, sessions: withoutRecording(stored.sessions) }),
    [stored, hasRecords],
  );
}

function withoutRecording(sessions: StoredState['sessions']): StoredState['sessions'] {
  return sessions.filter(({ state }) => state !== 'recording');
}

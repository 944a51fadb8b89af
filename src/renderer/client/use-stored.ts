import { useEffect } from 'react';
import { useStore } from 'zustand/react';
import { refreshStored, type StoredState, storedKey } from './stored-store.ts';
import { useLive, useServices } from './use-services.ts';

/** The stored sessions, asked for anew when it is first shown, when they may have changed, and when the window is. */
export function useStored(): StoredState {
  const services = useServices();
  const key = useLive(storedKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is what tells that there may be news.
  useEffect(() => void refreshStored(services), [services, key]);
  useEffect(() => {
    const onFocus = () => void refreshStored(services);
    window.addEventListener('focus', onFocus);
    return () => window.removeEventListener('focus', onFocus);
  }, [services]);
  return useStore(services.stored);
}

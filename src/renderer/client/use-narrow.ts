import { useSyncExternalStore } from 'react';
import { narrowWidth } from './settings-store.ts';

const query = `(max-width: ${narrowWidth}px)`;

export function isNarrow(): boolean {
  return matchMedia(query).matches;
}

function subscribe(onChange: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener('change', onChange);
  return () => media.removeEventListener('change', onChange);
}

/** Returns true while the window is too narrow for panes beside the page. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, isNarrow);
}

import { useEffect } from 'react';
import type { Services } from '../client/services.ts';
import { actions } from './actions.ts';
import { actionOf } from './shortcuts.ts';

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Runs the action of a pressed shortcut before the editor or the browser hears of the keys. */
export function useShortcuts(services: Services): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const found = actionOf(actions, event, isMac);
      if (!found || services.dialogs.getState().kind !== 'none') return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat && found.enabled(services)) found.run(services);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [services]);
}

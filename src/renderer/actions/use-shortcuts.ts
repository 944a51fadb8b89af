import { useEffect } from 'react';
import type { Services } from '../client/services.ts';
import type { Action } from './action.ts';
import { actions } from './actions.ts';
import { actionOf } from './shortcuts.ts';

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Elements in which letter keys enter text or select an item. */
const fields = 'input, textarea, select, [contenteditable], .native-edit-context, [role="menu"]';
/** Shortcuts that Monaco handles itself. */
const editorKeys = ['Mod+F', 'F7', 'F8', 'Mod+G'];

/** Returns true if the focused part of the page handles the keys itself, as declared by `data-own-keys`. */
function isOwn(target: EventTarget | null, { keys = '' }: Action): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest<HTMLElement>('[data-own-keys]')?.dataset.ownKeys?.split(' ').includes(keys)) return true;
  if (editorKeys.includes(keys) && target.closest('.monaco-editor')) return true;
  return /^[A-Z]$/.test(keys) && target.closest(fields) !== null;
}

/** Runs the action of a pressed shortcut before the editor or the browser receives the keys. */
export function useShortcuts(services: Services): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const found = actionOf(actions, event, isMac);
      if (!found || services.dialogs.getState().kind !== 'none' || isOwn(event.target, found)) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat && found.enabled(services)) found.run(services);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [services]);
}

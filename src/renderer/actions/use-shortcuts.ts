import { useEffect } from 'react';
import type { Services } from '../client/services.ts';
import type { Action } from './action.ts';
import { actions } from './actions.ts';
import { actionOf } from './shortcuts.ts';

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Where letters are written, or chosen with. */
const fields = 'input, textarea, select, [contenteditable], .native-edit-context, [role="menu"]';
/** What Monaco does with keys that are an action's elsewhere. */
const editorKeys = ['Mod+F', 'F7', 'F8', 'Mod+G'];

/** True where the keys of an action mean something else: a part of the page says so with `data-own-keys`. */
function isOwn(target: EventTarget | null, { keys = '' }: Action): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest<HTMLElement>('[data-own-keys]')?.dataset.ownKeys?.split(' ').includes(keys)) return true;
  if (editorKeys.includes(keys) && target.closest('.monaco-editor')) return true;
  return /^[A-Z]$/.test(keys) && target.closest(fields) !== null;
}

/** Runs the action of a pressed shortcut before the editor or the browser hears of the keys. */
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

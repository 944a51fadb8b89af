import { useEffect } from 'react';
import { type Action, runAction } from '../state/action.ts';
import type { Services } from '../state/services.ts';
import { activeTab, type Tab } from '../state/tabs.ts';
import { actions } from './actions.ts';

/** The part of a key event that is compared with a shortcut. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/**
 * Returns true if `press` is the shortcut `keys`. Letters and digits are compared by the character of the key regardless of Shift
 * or, in a layout of another script, by its position.
 */
export function isPress(keys: string, press: KeyPress, isMac: boolean): boolean {
  const parts = keys.split('+');
  const wanted = (parts.at(-1) ?? '').toLowerCase();
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const other = isMac ? press.ctrlKey : press.metaKey;
  if (mod !== parts.includes('Mod') || other || press.altKey !== parts.includes('Alt')) return false;
  if (press.shiftKey !== parts.includes('Shift')) return false;
  const key = press.key.toLowerCase();
  if (key === wanted) return true;
  const isLatin = /^[a-z0-9]$/.test(key);
  return !isLatin && (press.code === `Key${wanted.toUpperCase()}` || press.code === `Digit${wanted}`);
}

/**
 * Returns the action whose shortcut is `press` while `focused` has the focus and a tab of the kind `tab` is active: the first one, so that
 * those of a part precede the rest.
 */
export function actionOf(
  actions: readonly Action[],
  press: KeyPress,
  isMac: boolean,
  focused?: EventTarget | null,
  tab?: Tab['kind'],
): Action | undefined {
  const isHere = (within: string) => focused instanceof Element && focused.closest(within) !== null;
  return actions.find(
    ({ keys, within, tabKind }) =>
      keys !== undefined &&
      isPress(keys, press, isMac) &&
      (within === undefined || isHere(within)) &&
      (tabKind === undefined || tabKind === tab),
  );
}

const symbols: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵' };

/** Returns the shortcut in the platform's notation: `Ctrl+Shift+S`, or `⇧⌘S` on a Mac. */
export function keysText(keys: string, isMac: boolean): string {
  const parts = keys.split('+');
  if (!isMac) return parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join('+');
  const order = ['Alt', 'Shift', 'Mod'];
  const rank = (part: string) => (order.includes(part) ? order.indexOf(part) : order.length);
  return [...parts]
    .sort((a, b) => rank(a) - rank(b))
    .map((part) => symbols[part] ?? part)
    .join('');
}

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
      const found = actionOf(actions, event, isMac, event.target, activeTab(services.tabs.getState())?.kind);
      if (!found || services.dialogs.getState().kind !== 'none' || isOwn(event.target, found)) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) runAction(found, services);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [services]);
}

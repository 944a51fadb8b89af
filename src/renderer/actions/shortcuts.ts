import type { Action } from './action.ts';

/** What of a key event decides. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/**
 * True where `press` is the shortcut `keys`. Letters and digits go by the key that is printed on them, whatever Shift
 * makes of it, or by its place on the board where the layout writes another script.
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

/** The action that `press` asks for. */
export function actionOf(actions: readonly Action[], press: KeyPress, isMac: boolean): Action | undefined {
  return actions.find(({ keys }) => keys !== undefined && isPress(keys, press, isMac));
}

const symbols: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵' };

/** The shortcut as a person reads it: `Ctrl+Shift+S`, or `⇧⌘S` on a Mac. */
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

import type { Action } from './action.ts';

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

/** Returns the action whose shortcut is `press`. */
export function actionOf(actions: readonly Action[], press: KeyPress, isMac: boolean): Action | undefined {
  return actions.find(({ keys }) => keys !== undefined && isPress(keys, press, isMac));
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

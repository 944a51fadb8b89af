import type { Services } from '../state/services.ts';

/** A user's action. Menus, palette, toolbar and shortcuts share one list. */
export interface Action {
  readonly id: string;
  readonly label: string;
  /** `Mod+Shift+S`: `Mod` is Ctrl, and ⌘ on a Mac. */
  readonly keys?: string | undefined;
  readonly enabled: (services: Services) => boolean;
  readonly run: (services: Services) => void;
}

const always = () => true;

export function action(
  id: string,
  label: string,
  run: (services: Services) => void,
  more: { readonly keys?: string; readonly enabled?: (services: Services) => boolean } = {},
): Action {
  return { id, label, run, keys: more.keys, enabled: more.enabled ?? always };
}

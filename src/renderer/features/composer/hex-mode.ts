import { createStore, type StoreApi } from 'zustand/vanilla';

/** How hex is typed: a digit overwrites the next one, or is inserted. */
export interface HexMode {
  readonly overwrites: boolean;
}

/** Creates the mode of all hex editors of a window, which begins with inserting. */
export function createHexMode(): StoreApi<HexMode> {
  return createStore<HexMode>(() => ({ overwrites: false }));
}

/** Changes between overwriting and inserting. */
export function toggleHexMode(mode: StoreApi<HexMode>): void {
  mode.setState(({ overwrites }) => ({ overwrites: !overwrites }));
}

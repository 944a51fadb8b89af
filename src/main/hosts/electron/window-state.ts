import { dirname } from 'node:path';
import type { Rectangle } from 'electron';
import { z } from 'zod';
import { makePrivateFolder } from '#files/private-files.ts';
import { readRegularFileSync } from '#files/regular-file.ts';
import { replaceFileSync } from '#files/replace-file.ts';
import { printUnexpected } from '../terminal.ts';

const windowStateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(320).max(32_767),
  height: z.number().int().min(240).max(32_767),
  maximized: z.boolean(),
});

/** Position and size of the window, in device-independent pixels. */
export type WindowState = z.infer<typeof windowStateSchema>;

/**
 * Reads the state from `file`. Returns `undefined` if the file is missing or damaged, or if the window would be outside
 * all of `areas` (on a display that is no longer connected).
 */
export function readWindowState(file: string, areas: readonly Rectangle[]): WindowState | undefined {
  try {
    const state = windowStateSchema.parse(JSON.parse(readRegularFileSync(file).toString()));
    return areas.some((area) => titleIsIn(state, area)) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Writes `state` to `file`. After a failure, which is printed, the next start uses the default size. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    makePrivateFolder(dirname(file));
    replaceFileSync(file, `${JSON.stringify(state)}\n`);
  } catch (error) {
    printUnexpected(`Could not save the position of the window in ${file}`, error);
  }
}

/** Returns true if enough of the title bar is in `area` to drag the window. */
function titleIsIn(state: WindowState, area: Rectangle): boolean {
  const grip = 64;
  return (
    state.x + state.width >= area.x + grip &&
    state.x <= area.x + area.width - grip &&
    state.y >= area.y - 8 &&
    state.y <= area.y + area.height - grip
  );
}

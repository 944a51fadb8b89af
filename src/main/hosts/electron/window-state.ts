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

/** Where the window was and how large, in device-independent pixels. */
export type WindowState = z.infer<typeof windowStateSchema>;

/**
 * The state kept in `file`, or `undefined` where there is none, where it is damaged, or where the window would lie
 * outside all of `areas` (a display that is no longer there).
 */
export function readWindowState(file: string, areas: readonly Rectangle[]): WindowState | undefined {
  try {
    const state = windowStateSchema.parse(JSON.parse(readRegularFileSync(file).toString()));
    return areas.some((area) => titleIsIn(state, area)) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps `state` in `file`. A failure is only worth a line: the next start uses the default size. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    makePrivateFolder(dirname(file));
    replaceFileSync(file, `${JSON.stringify(state)}\n`);
  } catch (error) {
    printUnexpected(`The window's place could not be kept in ${file}`, error);
  }
}

/** True where enough of the title bar lies in `area` to take hold of it. */
function titleIsIn(state: WindowState, area: Rectangle): boolean {
  const grip = 64;
  return (
    state.x + state.width >= area.x + grip &&
    state.x <= area.x + area.width - grip &&
    state.y >= area.y - 8 &&
    state.y <= area.y + area.height - grip
  );
}

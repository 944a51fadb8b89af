import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Finds the folder of the files that ship with Wirebench, from the sources as well as from a build. */
export function resourcesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'resources', 'samples')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'resources');
}

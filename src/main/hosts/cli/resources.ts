import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of what ships with Wirebench: beside the program's own folder, be it the sources or a build. */
export function resourcesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'resources', 'samples')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'resources');
}

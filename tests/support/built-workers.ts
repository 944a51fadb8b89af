import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';

const built = fileURLToPath(new URL('../../out/main', import.meta.url));

/** Has the product start its worker threads from `out/`, as users do: the module that starts them takes that as its place. */
export const builtWorkers: Plugin = {
  name: 'wirebench:built-workers',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('/src/main/session/threads.ts')
      ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(join(built, 'workers.js')).href))
      : null,
};

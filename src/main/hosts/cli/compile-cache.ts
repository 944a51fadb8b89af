import { lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

/**
 * Enables Node's compile cache in the user's cache folder for all later imports, so that the next start need not compile
 * them. Respects `NODE_COMPILE_CACHE` (another folder) and `NODE_DISABLE_COMPILE_CACHE`. Without a trusted, writable
 * folder there is no cache, and the program starts more slowly. Returns the folder, if there is one.
 */
export function keepCompiledCode(): string | undefined {
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE) return undefined;
  const folder = NODE_COMPILE_CACHE || compileCacheFolder();
  if (folder === undefined || !isOwnFolder(folder)) return undefined;
  // Node itself enables the cache if the environment names the folder.
  if (!NODE_COMPILE_CACHE) enableCompileCache(folder);
  return folder;
}

/**
 * Returns the folder for compiled code, below the cache folder of `env-paths`. Does not use that package, because it and
 * `node:path` would have to be loaded first. Returns `undefined` if the environment names no absolute folder.
 */
export function compileCacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const { HOME, XDG_CACHE_HOME, LOCALAPPDATA } = env;
  if (platform === 'win32') return LOCALAPPDATA && `${LOCALAPPDATA}\\Wirebench\\Cache\\compiled`;
  const above = platform === 'darwin' ? `${HOME}/Library/Caches` : XDG_CACHE_HOME || `${HOME}/.cache`;
  return above.startsWith('/') ? `${above}/Wirebench/compiled` : undefined;
}

/**
 * Returns true if `folder` exists or could be created, and only this user can write to it: the code in it is executed.
 * Any user could create Node's default, a folder with a fixed name in the temporary folder, first.
 */
export function isOwnFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    // On Windows, Node reports no owner and mode; there the folder is in the user's profile.
    if (!process.getuid) return found.isDirectory();
    return found.isDirectory() && found.uid === process.getuid() && (found.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

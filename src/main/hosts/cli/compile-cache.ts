import { lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

/**
 * Has Node keep the compiled code of what is imported from here on, in the user's own folder for caches, so that the next
 * start need not compile it again. Node's own `NODE_COMPILE_CACHE` (another folder) and `NODE_DISABLE_COMPILE_CACHE` are
 * respected. Without a folder that can be trusted and written the program just starts more slowly. Gives the folder, where
 * there is one.
 */
export function keepCompiledCode(): string | undefined {
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE) return undefined;
  const folder = NODE_COMPILE_CACHE || compileCacheFolder();
  if (folder === undefined || !isOwnFolder(folder)) return undefined;
  // Node has done so itself where the environment names the folder.
  if (!NODE_COMPILE_CACHE) enableCompileCache(folder);
  return folder;
}

/**
 * Where compiled code is kept: below the folder that `env-paths` has for caches, written out here because that package,
 * and `node:path` with it, would have to be loaded first. `undefined` where the environment names no absolute folder.
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
 * True where `folder` exists or could be made, and nobody else can write to it: code from a cache is run unseen. Node's
 * own default, a folder of a fixed name in the temporary folder, could be made first by anybody.
 */
export function isOwnFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    // Windows has no owners and modes here; there the folder lies in the user's profile.
    if (!process.getuid) return found.isDirectory();
    return found.isDirectory() && found.uid === process.getuid() && (found.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

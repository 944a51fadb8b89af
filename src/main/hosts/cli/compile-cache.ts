import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire, enableCompileCache, Module } from 'node:module';
import { Script } from 'node:vm';

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

type Wrapped = (exports: object, require: NodeJS.Require, module: Module, filename: string, dirname: string) => void;

/**
 * Runs the CommonJS file `name` in `folder` with the compiled code that an earlier run of the same command stored in
 * `cacheFolder`. Node's own compile cache contains only the top level of a file. This cache also contains the functions
 * that were called, whose compilation takes most of the time of a short command.
 */
export function runCompiled(folder: string, name: string, cacheFolder: string | undefined): void {
  const path = `${folder}${process.platform === 'win32' ? '\\' : '/'}${name}`;
  const cache = cacheFolder === undefined ? undefined : `${cacheFolder}/${cacheName(path)}`;
  const cachedData = cache === undefined ? undefined : readIfThere(cache);
  // The build writes ASCII only, and Latin-1 is decoded several times as fast as UTF-8.
  const source = readFileSync(path, 'latin1');
  const script = new Script(`(function (exports, require, module, __filename, __dirname) { ${source}\n})`, {
    filename: path,
    ...(cachedData && { cachedData }),
  });
  if (cache !== undefined && (!cachedData || script.cachedDataRejected)) {
    // A failed command has not called the functions that a successful one needs.
    process.once('exit', (code) => code === 0 && store(cache, script.createCachedData()));
  }
  const require = createRequire(path);
  const module = new Module(path);
  module.filename = path;
  // Files that are loaded later use the modules in this file.
  require.cache[path] = module;
  const run: Wrapped = script.runInThisContext();
  run(module.exports, require, module, path, folder);
}

/** Returns a name that identifies the file, its version, the command and the Node version: V8 itself compares only lengths. */
function cacheName(path: string): string {
  const { size, mtimeMs } = statSync(path);
  const [, , word = ''] = process.argv;
  const command = /^[a-z]{1,10}$/.test(word) ? word : 'other';
  return `${command}-${size}-${mtimeMs}-${process.version}-${process.arch}`;
}

/**
 * Reads a regular file without blocking on a FIFO. Does not use `#files`: the launcher must share no module with the command, because the
 * build would put that module into the file of the command, which would then run twice.
 */
function readIfThere(path: string): Buffer | undefined {
  try {
    const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return fstatSync(fd).isFile() ? readFileSync(fd) : undefined;
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/** Writes a file atomically: other processes may read it at the same time. */
function store(path: string, data: Buffer): void {
  try {
    const unfinished = `${path}.${process.pid}`;
    // V8 does not verify the code, so the file must be complete even after a power failure.
    writeFileSync(unfinished, data, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(unfinished, path);
  } catch {
    // Without the file, the next start compiles again.
  }
}

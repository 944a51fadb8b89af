import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { Script } from 'node:vm';

type Wrapped = (exports: object, require: NodeJS.Require, module: Module, filename: string, dirname: string) => void;

/**
 * Runs the CommonJS file `name` of `folder`, with the compiled code that an earlier run of the same command has left in
 * `cacheFolder`. Node's own cache of compiled code has only the top level of a file. This one also has the functions that
 * were called, and to compile those takes longer than all the rest of a short command.
 */
export function runCompiled(folder: string, name: string, cacheFolder: string | undefined): void {
  const path = `${folder}${process.platform === 'win32' ? '\\' : '/'}${name}`;
  const cache = cacheFolder === undefined ? undefined : `${cacheFolder}/${cacheName(path)}`;
  const cachedData = cache === undefined ? undefined : readIfThere(cache);
  // The build writes ASCII only, which this reads several times as fast as UTF-8.
  const source = readFileSync(path, 'latin1');
  const script = new Script(`(function (exports, require, module, __filename, __dirname) { ${source}\n})`, {
    filename: path,
    ...(cachedData && { cachedData }),
  });
  if (cache !== undefined && (!cachedData || script.cachedDataRejected)) {
    // A command that fails has not called what one calls that succeeds.
    process.once('exit', (code) => code === 0 && store(cache, script.createCachedData()));
  }
  const require = createRequire(path);
  const module = new Module(path);
  module.filename = path;
  // Files that are loaded later share what is in this one.
  require.cache[path] = module;
  const run: Wrapped = script.runInThisContext();
  run(module.exports, require, module, path, folder);
}

/** Names the file and its version, the command, and the Node whose code it is: V8 itself only compares lengths. */
function cacheName(path: string): string {
  const { size, mtimeMs } = statSync(path);
  const [, , word = ''] = process.argv;
  const command = /^[a-z]{1,10}$/.test(word) ? word : 'other';
  return `${command}-${size}-${mtimeMs}-${process.version}-${process.arch}`;
}

/**
 * Reads a regular file, and never waits for a FIFO. Not by `#files`: what starts the command shares no module with it, because the build
 * would put that module into the file of the command, which would then run twice.
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

/** Writes a file that others may read meanwhile: it is there whole or not at all. */
function store(path: string, data: Buffer): void {
  try {
    const unfinished = `${path}.${process.pid}`;
    // V8 does not look whether the code is intact: after a power failure too, all of it must be there.
    writeFileSync(unfinished, data, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(unfinished, path);
  } catch {
    // The next start is as slow as this one.
  }
}

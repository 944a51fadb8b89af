// Builds the app if a file in `out/` is missing or older than its sources.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const inputs = ['src', 'resources', 'package-lock.json', 'electron.vite.config.ts'];
const outputs = ['out/main/index.js', 'out/main/cli.js', 'out/preload/index.cjs', 'out/renderer/index.html'];

/** Returns why the build in `root` is stale, or `undefined` if it is up to date. */
export function staleReason(root: string): string | undefined {
  const missing = outputs.find((path) => modifiedMs(join(root, path)) === undefined);
  if (missing) return `${missing} is missing`;
  const builtMs = Math.min(...outputs.map((path) => modifiedMs(join(root, path)) ?? 0));
  const newer = inputs
    .flatMap((path) => entries(root, path))
    .find((path) => (modifiedMs(join(root, path)) ?? 0) > builtMs);
  return newer && `${newer} is newer than the build`;
}

/**
 * Builds the app if the build is stale, one process at a time. Passes the reason to `say` before it builds. Prints the
 * output of a failed build and returns false.
 */
export function buildIfStale(root: string, say: (line: string) => void = () => {}): boolean {
  if (staleReason(root) === undefined) return true;
  const unlock = lock(join(root, 'out', '.building'));
  try {
    // Another process may have built the app in the meantime.
    const reason = staleReason(root);
    if (reason === undefined) return true;
    say(`Building: ${reason}.`);
    const manifest = createRequire(join(root, 'package.json')).resolve('electron-vite/package.json');
    const builder = join(manifest, '..', 'bin', 'electron-vite.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [builder, 'build'], { cwd: root, encoding: 'utf8' });
    if (status === 0) return true;
    process.stderr.write(stdout + stderr);
    return false;
  } finally {
    unlock();
  }
}

/** Lists `path` and, if it is a folder, everything in it, folders included: deleting a file changes the time of its folder. */
function entries(root: string, path: string): string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return [
    path,
    ...readdirSync(join(root, path), { recursive: true, encoding: 'utf8' }).map((name) => join(path, name)),
  ];
}

function modifiedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** Creates the folder `path` as a lock and waits while another process has it. Returns the function that releases it. Removes the lock of a process that has ended. */
function lock(path: string): () => void {
  mkdirSync(join(path, '..'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(path);
      writeFileSync(join(path, 'pid'), String(process.pid));
      return () => rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const ageMs = Date.now() - (modifiedMs(path) ?? Date.now());
      if (isAbandoned(join(path, 'pid')) && ageMs > 1_000) rmSync(path, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}

function isAbandoned(pidFile: string): boolean {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 0);
    return false;
  } catch {
    return true;
  }
}

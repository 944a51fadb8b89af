import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errnoOf, makeFolderInside } from './folder-files.ts';

/*
 * POSIX has no call that replaces a file only if it has not changed. So programs of Wirebench that share a workspace, also of
 * several users, take turns: one holds the lock file while it compares and renames, without waiting for anything in between.
 */

/** The folder of a workspace for files of this machine: git ignores it, through the `.gitignore` in it. */
const localFolder = '.wirebench/local';
const lockName = 'lock';
/** A lock that is older belongs to a program that was killed: a holder needs less than a millisecond or two. */
const staleMs = 2_000;
const maxWaitMs = 10_000;

/** Creates the folder for files of this machine in the workspace `root`, a real path, and returns its path. Throws as `node:fs` does. */
export function makeLocalFolder(root: string): string {
  const folder = makeFolderInside(root, localFolder);
  try {
    fs.writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  return folder;
}

/**
 * Runs `act` while no other program of Wirebench changes the workspace `root`, and returns its result. Rejects with what `act` throws,
 * as `node:fs` does, and with `EBUSY` after 10 seconds without the lock.
 */
export async function withFolderLock<T>(root: string, act: () => T): Promise<T> {
  const path = join(makeLocalFolder(root), lockName);
  const until = performance.now() + maxWaitMs;
  let own = take(path);
  while (own === undefined) {
    breakStale(path);
    if (performance.now() > until) {
      throw Object.assign(new Error('another program is changing the workspace'), { code: 'EBUSY' });
    }
    await pause(1 + Math.random() * 4);
    own = take(path);
  }
  try {
    return act();
  } finally {
    // If this program was suspended for seconds, another one may have the lock.
    if (fs.lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino === own) fs.rmSync(path, { force: true });
  }
}

/** Creates the lock file and returns its inode; `undefined` if another program has it. */
function take(path: string): bigint | undefined {
  try {
    const fd = fs.openSync(path, 'wx', 0o666);
    try {
      return fs.fstatSync(fd, { bigint: true }).ino;
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return undefined;
    // Windows reports it while the file of another program is being removed.
    if (errnoOf(error) === 'EPERM' && process.platform === 'win32') return undefined;
    throw error;
  }
}

/** Removes the lock of a program that was killed. If another one has just done so and holds the new lock, that is put back. */
function breakStale(path: string): void {
  const found = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (!found || Date.now() - Number(found.mtimeMs) < staleMs) return;
  const aside = `${path}-${randomBytes(6).toString('hex')}`;
  try {
    fs.renameSync(path, aside);
    const moved = fs.lstatSync(aside, { bigint: true });
    if (moved.ino !== found.ino || moved.mtimeNs !== found.mtimeNs) fs.linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(errnoOf(error))) throw error;
  } finally {
    fs.rmSync(aside, { force: true, recursive: true });
  }
}

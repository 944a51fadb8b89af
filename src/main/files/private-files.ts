import { chmodSync, fchmodSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

// Every file and folder that Wirebench makes for data of its user is made here. On Windows modes have no effect: there the
// folder of the user's profile is what keeps others out.

/** Read and written by its owner only. */
export const privateFileMode = 0o600;
/** Listed and entered by its owner only. */
export const privateFolderMode = 0o700;

/** What file systems without permissions answer to `chmod`. */
const noModes = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'ENOSYS']);

/**
 * Makes the file at `path` with mode 0600, whatever the umask is, and returns its descriptor for writing. Throws what
 * `node:fs` throws: `EEXIST` where anything has that name, a dangling link too (POSIX open(), `O_CREAT | O_EXCL`).
 */
export function createPrivateFile(path: string): number {
  const fd = openSync(path, 'wx', privateFileMode);
  // The umask can only take permissions away: those of the owner are set again.
  ifPossible(() => fchmodSync(fd, privateFileMode));
  return fd;
}

/**
 * Makes the folder at `path` with those above it that are missing, each with mode 0700, whatever the umask is. Leaves folders
 * that exist as they are. Throws what `node:fs` throws, with the error of the folder that could not be made.
 */
export function makePrivateFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    mkdirSync(path, privateFolderMode);
  } catch (error) {
    // Another process made it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    const parent = dirname(path);
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error;
    // One by one: of a recursive call Node reports ENOENT where the system said that it is read-only.
    makePrivateFolder(parent);
    makePrivateFolder(path);
    return;
  }
  ifPossible(() => chmodSync(path, privateFolderMode));
}

/** Runs `change`, which sets permissions, and ignores a file system that has none. */
function ifPossible(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!noModes.has(codeOf(error))) throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

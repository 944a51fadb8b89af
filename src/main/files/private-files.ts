import { chmodSync, fchmodSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

// Every file and folder that Wirebench creates for its user's data is created here. Modes have no effect on Windows, where
// the folder of the user's profile keeps other users out.

/** Readable and writable by its owner only. */
export const privateFileMode = 0o600;
/** Listed and entered by its owner only. */
export const privateFolderMode = 0o700;

/** The answers of file systems without permissions to `chmod`. */
const noModes = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'ENOSYS']);

/**
 * Creates the file at `path` with mode 0600, independent of the umask, and returns its descriptor for writing. Throws what
 * `node:fs` throws: `EEXIST` when the name exists, also as a dangling link (POSIX open(), `O_CREAT | O_EXCL`).
 */
export function createPrivateFile(path: string): number {
  const fd = openSync(path, 'wx', privateFileMode);
  // The umask can only remove permissions: this restores the owner's.
  ifPossible(() => fchmodSync(fd, privateFileMode));
  return fd;
}

/**
 * Creates the folder at `path` and its missing parents, each with mode 0700, independent of the umask. Does not change
 * folders that exist. Throws what `node:fs` throws, with the error of the folder that could not be created.
 */
export function makePrivateFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    mkdirSync(path, privateFolderMode);
  } catch (error) {
    // Another process has created it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    const parent = dirname(path);
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error;
    // One by one: for a recursive call Node reports ENOENT where the system said EROFS.
    makePrivateFolder(parent);
    makePrivateFolder(path);
    return;
  }
  ifPossible(() => chmodSync(path, privateFolderMode));
}

/** Runs `change`, which sets permissions, and ignores a file system that does not support them. */
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

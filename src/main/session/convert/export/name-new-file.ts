import { existsSync, linkSync, renameSync, unlinkSync } from 'node:fs';

/**
 * Renames the complete file at `part` to `path`, but never replaces an existing file. Throws what `node:fs`
 * throws, `EEXIST` if the file exists.
 */
export function nameNewFile(part: string, path: string): void {
  try {
    linkSync(part, path);
  } catch (error) {
    if (existsSync(path)) throw existsError();
    // Some file systems do not support links.
    try {
      renameSync(part, path);
    } catch {
      throw error;
    }
    return;
  }
  unlinkSync(part);
}

/** Returns the error that `open` throws for a file that exists and must not. */
export function existsError(): Error {
  return Object.assign(new Error('EEXIST: file already exists'), { code: 'EEXIST', syscall: 'open' });
}

import { existsSync, linkSync, renameSync, unlinkSync } from 'node:fs';

/**
 * Gives the file at `part`, which is whole, the name `path`, but never that of a file that is there. Throws what `node:fs`
 * throws, `EEXIST` where there is one.
 */
export function nameNewFile(part: string, path: string): void {
  try {
    linkSync(part, path);
  } catch (error) {
    if (existsSync(path)) throw existsError();
    // Some file systems have no links.
    try {
      renameSync(part, path);
    } catch {
      throw error;
    }
    return;
  }
  unlinkSync(part);
}

/** What `open` throws where a file is not to be there, and is. */
export function existsError(): Error {
  return Object.assign(new Error('EEXIST: file already exists'), { code: 'EEXIST', syscall: 'open' });
}

import { stat } from 'node:fs/promises';

/**
 * Returns an id that is the same for all paths to one file, through any links: its device and its inode. `undefined` for a
 * missing file.
 */
export async function fileIdentity(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/**
 * Returns an id that changes with the content of a file: the inode of a deleted file is soon used by
 * another. `undefined` for a missing file.
 */
export async function fileVersion(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}`;
  } catch {
    return undefined;
  }
}

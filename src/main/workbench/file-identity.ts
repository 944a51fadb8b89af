import { stat } from 'node:fs/promises';

/**
 * What tells that two paths lead to one file, through whatever links: its device and its inode. `undefined` where there
 * is no file.
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
 * What tells that a file is still the one it was, with the same bytes: a number of a file that was deleted is soon that
 * of another. `undefined` where there is no file.
 */
export async function fileVersion(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}`;
  } catch {
    return undefined;
  }
}

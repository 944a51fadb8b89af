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

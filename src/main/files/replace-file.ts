import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fsync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  write,
  writeFileSync,
} from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createPrivateFile } from './private-files.ts';

/** The name of new content until it is complete; a process that was killed leaves such a file. Short, for any file name. */
export const temporaryName = /^\.wirebench-\d+-[0-9a-f]{12}\.new$/;

/** Permissions of a staged file: only its owner's, those that the umask leaves to a file of a team, or the given bits. */
export type StagedMode = 'private' | 'umask' | number;

/**
 * Replaces the content of the file at `path` with `content`, with mode 0600: a reader sees either the old content or the new,
 * never a part, and never what another process is writing; after a loss of power too. Rejects as `node:fs` does, and then
 * keeps the old file.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const staged = await stageFile(dirname(path), content, 'private');
  try {
    await rename(staged, path);
  } catch (error) {
    await rm(staged, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Does what `replaceFile` does, synchronously. Throws as `node:fs` does. */
export function replaceFileSync(path: string, text: string): void {
  const staged = join(dirname(path), newTemporaryName());
  try {
    const fd = createPrivateFile(staged);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(staged, path);
  } catch (error) {
    rmSync(staged, { force: true });
    throw error;
  }
}

/**
 * Writes `content` to a new file in `folder` under a temporary name, and to the disk (fsync); returns its path, for a rename.
 * Rejects as `node:fs` does, and then leaves no file.
 */
export async function stageFile(folder: string, content: string | Uint8Array, mode: StagedMode): Promise<string> {
  const path = join(folder, newTemporaryName());
  const fd = mode === 'umask' ? openSync(path, 'wx', 0o666) : createPrivateFile(path);
  try {
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let done = 0; done < bytes.length; ) done += (await writeSome(fd, bytes, done)).bytesWritten;
      if (typeof mode === 'number') fchmodSync(fd, mode);
      await toDisk(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw error;
  }
  return path;
}

/** Writes the names in `folder` to the disk (POSIX fsync() of the folder), where the system supports it. */
export async function syncFolder(folder: string): Promise<void> {
  let fd: number;
  try {
    fd = openSync(folder, constants.O_RDONLY);
  } catch {
    // Windows does not open folders; the content itself is on the disk.
    return;
  }
  try {
    await toDisk(fd).catch(() => {});
  } finally {
    closeSync(fd);
  }
}

const writeSome = promisify(write);
const toDisk = promisify(fsync);

function newTemporaryName(): string {
  return `.wirebench-${process.pid}-${randomBytes(6).toString('hex')}.new`;
}

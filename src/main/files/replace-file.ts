import { randomBytes } from 'node:crypto';
import { closeSync, renameSync, rmSync, write, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createPrivateFile } from './private-files.ts';

/**
 * Replaces the content of the file at `path` with `text`, with mode 0600: a reader sees either the old content or the new,
 * never a part, and never what another process is writing. Rejects as `node:fs` does, and then keeps the old file.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = draftOf(path);
  try {
    const fd = createPrivateFile(draft);
    try {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length; ) done += (await writeSome(fd, bytes, done)).bytesWritten;
    } finally {
      closeSync(fd);
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

/** Does what `replaceFile` does, synchronously. Throws as `node:fs` does. */
export function replaceFileSync(path: string, text: string): void {
  const draft = draftOf(path);
  try {
    const fd = createPrivateFile(draft);
    try {
      writeFileSync(fd, text);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

const writeSome = promisify(write);

/** Returns the temporary name of the new content until it is complete: a different one for each writer. */
function draftOf(path: string): string {
  return `${path}.${process.pid}.${randomBytes(4).toString('hex')}.new`;
}

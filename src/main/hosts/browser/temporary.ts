import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makePrivateFolder } from '#files/private-files.ts';
import { hidden, replaceHidden } from '#shared/bytes/hidden.ts';

/** A folder whose files last as long as this process. The next start deletes the files of a process that was killed. */
export interface TemporaryFolder {
  /** Creates a folder for one file and returns the path of the file, which is named after `name`. */
  place(name: string): Promise<string>;
  /** Returns true if `path` is one that `place` returned. */
  contains(path: string): boolean;
  /** Deletes the file at `path` and the folder created for it. */
  discard(path: string): Promise<void>;
  /** Deletes everything. */
  close(): Promise<void>;
}

/** Creates a folder for this process in `parent`, and deletes those of processes that have ended. */
export function temporaryFolder(parent: string): TemporaryFolder {
  makePrivateFolder(parent);
  for (const name of readdirSync(parent)) {
    const pid = Number.parseInt(name, 10);
    if (pid > 0 && pid !== process.pid && !isRunning(pid)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const folder = join(resolve(parent), `${process.pid}-${randomBytes(6).toString('hex')}`);
  // The caller may pass any path: `..` must not lead elsewhere, and a folder is not a file.
  const contains = (path: string) => path === resolve(path) && dirname(dirname(path)) === folder;
  return {
    contains,
    async place(name) {
      const own = join(folder, randomBytes(9).toString('hex'));
      makePrivateFolder(own);
      return join(own, safeFileName(name));
    },
    async discard(path) {
      if (contains(path)) await rm(dirname(path), { recursive: true, force: true });
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Maximum length of a name in UTF-16 units: file systems allow 255 bytes. */
const maxName = 120;

/** Replaces the characters of `name` that have a meaning in a path or a header. Never empty; a long name keeps its extension. */
export function safeFileName(name: string): string {
  const plain = replaceHidden(name, hidden, () => '_')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^[. ]+/, '');
  if (plain === '') return 'file';
  if (plain.length <= maxName) return plain.toWellFormed();
  const ending = /\.[a-z0-9]{1,12}$/i.exec(plain)?.[0] ?? '';
  return `${plain.slice(0, maxName - ending.length)}${ending}`.toWellFormed();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is running as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

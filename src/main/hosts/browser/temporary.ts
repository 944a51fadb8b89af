import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makePrivateFolder } from '#files/private-files.ts';
import { hidden, replaceHidden } from '#shared/bytes/hidden.ts';

/** A folder of files that live as long as this process; what a killed run left behind goes at the next start. */
export interface TemporaryFolder {
  /** A fresh path for a file called about `name`, in a folder of its own. */
  place(name: string): Promise<string>;
  /** True where `place` gave `path`. */
  holds(path: string): boolean;
  /** Deletes the file at `path` with the folder it has for itself. */
  discard(path: string): Promise<void>;
  /** Deletes everything. */
  close(): Promise<void>;
}

/** Makes a folder for this process in `parent`, and deletes those of processes that are gone. */
export function temporaryFolder(parent: string): TemporaryFolder {
  makePrivateFolder(parent);
  for (const name of readdirSync(parent)) {
    const pid = Number.parseInt(name, 10);
    if (pid > 0 && pid !== process.pid && !isRunning(pid)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const folder = join(resolve(parent), `${process.pid}-${randomBytes(6).toString('hex')}`);
  // Whoever asks may name any path: `..` must lead to nothing else, and no folder is all of them.
  const holds = (path: string) => path === resolve(path) && dirname(dirname(path)) === folder;
  return {
    holds,
    async place(name) {
      const own = join(folder, randomBytes(9).toString('hex'));
      makePrivateFolder(own);
      return join(own, safeFileName(name));
    },
    async discard(path) {
      if (holds(path)) await rm(dirname(path), { recursive: true, force: true });
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The longest name, in UTF-16 units: file systems take 255 bytes. */
const maxName = 120;

/** `name` without what a file system or a header may read as more than a name. Never empty; a long one keeps its ending. */
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
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

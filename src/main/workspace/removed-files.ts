import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf, locate, makeFolderInside, requireOwnFolder } from './folder-files.ts';
import { makeLocalFolder } from './folder-lock.ts';
import { isWithin } from './listing.ts';

/** From one path in the workspace to another. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** What was removed in a process that was killed is kept this long, for its user. Milliseconds. */
const keptMs = 24 * 3_600_000;

/**
 * Renames files and folders in the workspace `root`: all of them or, if one fails, none. Never replaces anything. To be called
 * with the lock. Throws as `node:fs` does, `EEXIST` if a target exists, and if a part of a path is a link.
 */
export function moveAll(root: string, moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      moveOne(root, move);
      done.push(move);
    }
  } catch (error) {
    for (const { from, to } of done.toReversed()) fs.renameSync(join(root, to), join(root, from));
    throw error;
  }
}

function moveOne(root: string, { from, to }: Move): void {
  if (to !== from && isWithin(to, from)) {
    throw Object.assign(new Error(`“${to}” is in “${from}”`), { code: 'EINVAL' });
  }
  const source = locate(root, from);
  const found = fs.lstatSync(source, { bigint: true });
  makeFolderInside(root, dirname(to));
  const target = locate(root, to);
  const existing = fs.lstatSync(target, { bigint: true, throwIfNoEntry: false });
  // Where the file system ignores case, a new spelling of the name is the same file.
  const isSame = existing?.ino === found.ino && existing.dev === found.dev && from.toLowerCase() === to.toLowerCase();
  if (existing && !isSame) throw Object.assign(new Error(`“${to}” exists`), { code: 'EEXIST' });
  fs.renameSync(source, target);
}

/** What was removed from a workspace, in a folder of it that git ignores, so that it can be restored. */
export class RemovedFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Moves `paths` out of the way, with the lock; returns a handle for `restore`. Throws as `node:fs` does, and then removes nothing. */
  remove(paths: readonly string[]): string {
    const id = `${Date.now()}-${randomBytes(6).toString('hex')}`;
    const folder = makeFolderInside(this.#folder(), id);
    const done: Move[] = [];
    try {
      for (const [at, path] of paths.entries()) {
        const move = { from: locate(this.#root, path), to: join(folder, String(at)) };
        fs.renameSync(move.from, move.to);
        done.push(move);
      }
    } catch (error) {
      for (const { from, to } of done) fs.renameSync(to, from);
      fs.rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return id;
  }

  /** Moves what the removal `id` took from `paths` back there, with the lock. Throws like `moveAll`. */
  restore(id: string, paths: readonly string[]): void {
    const folder = join(this.#folder(), id);
    requireOwnFolder(folder);
    const inRoot = folder.slice(this.#root.length + 1).replaceAll('\\', '/');
    moveAll(
      this.#root,
      paths.map((to, at) => ({ from: `${inRoot}/${at}`, to })),
    );
    fs.rmSync(folder, { recursive: true, force: true });
  }

  /** Deletes what killed processes have removed more than a day ago. Ignores what the system refuses. */
  clearOld(): void {
    let names: string[] = [];
    try {
      const folder = join(this.#root, '.wirebench', 'local', 'removed');
      requireOwnFolder(folder);
      names = fs.readdirSync(folder);
    } catch (error) {
      if (errnoOf(error) === '') throw error;
    }
    for (const name of names) {
      const removedAt = Number(/^(\d{13})-[0-9a-f]{12}$/.exec(name)?.[1]);
      if (removedAt < Date.now() - keptMs) this.delete(name);
    }
  }

  /** Deletes a removal. Ignores what the system refuses. */
  delete(name: string): void {
    try {
      // Does not follow links.
      fs.rmSync(join(this.#folder(), name), { recursive: true, force: true });
    } catch (error) {
      if (errnoOf(error) === '') throw error;
    }
  }

  #folder(): string {
    return makeFolderInside(makeLocalFolder(this.#root), 'removed');
  }
}

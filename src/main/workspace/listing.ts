import { dirname } from 'node:path/posix';
import type { Failure } from '#shared/failure.ts';
import type { FileState, Version } from './folder-files.ts';
import type { Entry, Scanned } from './scan.ts';

/** What another program changed in a workspace since the last batch: paths of documents and folders. */
export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Why the workspace cannot be read at the moment; the entries are then those of before. */
  readonly problem?: Failure | undefined;
}

/**
 * The entries of a workspace as this process knows them. Its own changes are entered as they are done, so the next scan does not
 * report them as changes of another program; a scan that began earlier has not seen them and does not count for them.
 */
export class Listing {
  #entries: Map<string, Scanned>;
  /** Paths changed here since the current scan began. */
  #touched: Set<string> | undefined;

  constructor(entries: ReadonlyMap<string, Scanned>) {
    this.#entries = new Map(entries);
  }

  get entries(): ReadonlyMap<string, Scanned> {
    return this.#entries;
  }

  /** Returns the entries by path, without what only a scan needs. */
  list(): Entry[] {
    const all = [...this.#entries.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
    return all.map(({ path, kind, size, version, problem }) =>
      problem ? { path, kind, size, version, problem } : { path, kind, size, version },
    );
  }

  /** Returns the paths of the folders that can be read. */
  folders(): string[] {
    return [...this.#entries.values()]
      .filter(({ kind, problem }) => kind === 'folder' && !problem)
      .map(({ path }) => path);
  }

  /** Enters a file written here, with the folders that it is in. */
  putFile(path: string, version: Version, state: FileState): void {
    this.putFolder(dirname(path));
    this.#set({ path, kind: 'file', version, ...state });
  }

  /** Enters a folder created here, with those that it is in. */
  putFolder(path: string): void {
    if (path === '.' || this.#entries.has(path)) return;
    this.putFolder(dirname(path));
    this.#set({ path, kind: 'folder', size: 0, version: '', stamp: '', isFresh: false });
  }

  /** Removes the entry at `path` and those below it; returns them. */
  drop(path: string): Scanned[] {
    const gone = [...this.#entries.values()].filter((entry) => isWithin(entry.path, path));
    for (const entry of gone) {
      this.#entries.delete(entry.path);
      this.#touched?.add(entry.path);
    }
    this.#touched?.add(path);
    return gone;
  }

  /** Enters `entries` that were at or below `from` at `to`. They are read again by the next scan, which finds the same content. */
  putMoved(entries: readonly Scanned[], from: string, to: string): void {
    this.putFolder(dirname(to));
    for (const entry of entries) this.#set({ ...entry, path: to + entry.path.slice(from.length), stamp: '' });
  }

  /** To be called before a scan reads anything. */
  beginScan(): void {
    this.#touched = new Set();
  }

  /**
   * Takes over what a scan found, and returns how it differs. `isBehind` is true if this process changed something meanwhile: another
   * scan has to follow.
   */
  endScan(found: ReadonlyMap<string, Scanned>): { changes: Changes; isBehind: boolean } {
    const touched = this.#touched ?? new Set();
    this.#touched = undefined;
    const before = this.#entries;
    const after = new Map(found);
    for (const path of touched) {
      const own = before.get(path);
      if (own) after.set(path, own);
      else after.delete(path);
    }
    const added = [...after.keys()].filter((path) => !before.has(path));
    const removed = [...before.keys()].filter((path) => !after.has(path));
    const changed = [...after.values()]
      .filter((entry) => differs(before.get(entry.path), entry))
      .map(({ path }) => path);
    this.#entries = after;
    return { changes: { added, changed, removed }, isBehind: touched.size > 0 };
  }

  #set(entry: Scanned): void {
    this.#entries.set(entry.path, entry);
    this.#touched?.add(entry.path);
  }
}

/** Returns true if `path` is `folder` or in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function differs(before: Scanned | undefined, after: Scanned): boolean {
  if (!before) return false;
  const { kind, version, problem } = after;
  return before.kind !== kind || before.version !== version || before.problem?.system !== problem?.system;
}

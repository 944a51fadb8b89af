import fs from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { temporaryName } from '#files/replace-file.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { clashKey, documentFolders, manifestName, type PathRule, pathFailure } from './document-path.ts';
import { lookAt, requireOwnFolder, stateOf, type Version, workspaceFailure } from './folder-files.ts';

/** A document or a folder of a workspace. */
export interface Entry {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Bytes; 0 of a folder. */
  readonly size: number;
  /** '' of a folder, and of a file that is not read because of its problem. */
  readonly version: Version;
  /** Why the entry cannot be used, or not on every system. */
  readonly problem?: Failure | undefined;
}

/** An entry, and what shows that it has not changed since it was read. */
export interface Scanned extends Entry {
  readonly stamp: string;
  /** The file had just been written: the stamp may stay the same after another change. */
  readonly isFresh: boolean;
}

/** What a scan does not exceed. */
export interface ScanLimits {
  /** Names in the folders of documents, hidden ones too. */
  readonly maxNames: number;
  readonly maxMs: number;
}

export const usualLimits: ScanLimits = { maxNames: 20_000, maxMs: 2_000 };

export interface Scan {
  /** By path, sorted. */
  readonly entries: ReadonlyMap<string, Scanned>;
  /** Absolute paths of temporary files that a killed program left. */
  readonly leftovers: readonly string[];
}

interface ScanOptions {
  readonly pathProblem: PathRule;
  readonly limits: ScanLimits;
  /** The entries of the last scan: a file whose stamp is the same is not read again. */
  readonly known: ReadonlyMap<string, Scanned>;
}

/** How long a scan keeps the thread before sockets get a turn. Milliseconds. */
const sliceMs = 8;
/** A temporary file that is older was left by a program that was killed. */
const leftoverMs = 60_000;
/** The root of a workspace may contain many files that are not documents: of these, some are looked at, for leftovers. */
const maxRootNames = 1_000;

/**
 * Lists the documents and folders of the workspace `root`, a real path; follows no link. Fails with `not-found` if the folder or its
 * `wirebench.yaml` is missing, with `too-large` beyond a limit, and with `file` if the system does not list a folder.
 */
export async function scanWorkspace(root: string, options: ScanOptions): Promise<Result<Scan>> {
  const scanner = new Scanner(root, options);
  try {
    return await scanner.run();
  } catch (error) {
    return { ok: false, error: workspaceFailure(`Could not read the workspace “${root}”`, error) };
  }
}

class Scanner {
  readonly #root: string;
  readonly #options: ScanOptions;
  readonly #entries = new Map<string, Scanned>();
  readonly #leftovers: string[] = [];
  readonly #folders: string[] = [];
  readonly #startedAt = performance.now();
  #sliceAt = performance.now();
  #names = 0;

  constructor(root: string, options: ScanOptions) {
    this.#root = root;
    this.#options = options;
  }

  async run(): Promise<Result<Scan>> {
    requireOwnFolder(this.#root);
    this.#add(manifestName);
    const manifest = this.#entries.get(manifestName);
    if (manifest?.kind !== 'file' || manifest.problem) return this.#notAWorkspace();
    this.#findLeftovers();
    for (const folder of documentFolders) this.#add(folder);
    for (let next = this.#folders.pop(); next !== undefined; next = this.#folders.pop()) {
      const failure = await this.#list(next);
      if (failure) return { ok: false, error: failure };
    }
    const sorted = [...this.#entries].sort(([one], [other]) => (one < other ? -1 : 1));
    return ok({ entries: withClashes(new Map(sorted)), leftovers: this.#leftovers });
  }

  async #list(path: string): Promise<Failure | undefined> {
    const full = join(this.#root, path);
    let folder: fs.Dir;
    try {
      requireOwnFolder(full);
      folder = fs.opendirSync(full, { bufferSize: 256 });
    } catch (error) {
      this.#addProblem(path, 'folder', workspaceFailure(`Could not list the folder “${path}”`, error));
      return undefined;
    }
    try {
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
        const failure = this.#overLimit();
        if (failure) return failure;
        if (entry.name.startsWith('.')) this.#noteLeftover(full, entry.name);
        else this.#add(`${path}/${entry.name}`);
        if (performance.now() - this.#sliceAt > sliceMs) {
          await nextTurn();
          this.#sliceAt = performance.now();
        }
      }
    } finally {
      folder.closeSync();
    }
    return undefined;
  }

  #add(path: string): void {
    try {
      this.#addAny(path, join(this.#root, path));
    } catch (error) {
      this.#addProblem(path, 'file', workspaceFailure(`Could not read “${path}”`, error));
    }
  }

  #addAny(path: string, full: string): void {
    const wrong = pathFailure(path, this.#options.pathProblem);
    const stats = fs.lstatSync(full, { bigint: true, throwIfNoEntry: false });
    // Removed since its folder was listed.
    if (!stats && !wrong) return;
    const kind = stats?.isDirectory() ? 'folder' : 'file';
    if (wrong || !stats) this.#addProblem(path, kind, wrong);
    else if (stats.isDirectory()) {
      this.#entries.set(path, { path, kind, size: 0, version: '', stamp: '', isFresh: false });
      this.#folders.push(path);
    } else if (stats.isFile()) this.#addFile(path, full, stats);
    else this.#addProblem(path, 'file', refused(path, stats.isSymbolicLink()));
  }

  #addFile(path: string, full: string, stats: fs.BigIntStats): void {
    const known = this.#options.known.get(path);
    const { stamp } = stateOf(stats);
    if (known && !known.isFresh && known.stamp === stamp && !known.problem) {
      this.#entries.set(path, known);
      return;
    }
    try {
      const found = lookAt(full);
      if (!found) return;
      const { state, version } = found;
      this.#entries.set(path, { path, kind: 'file', version, ...state });
    } catch (error) {
      this.#addProblem(path, 'file', workspaceFailure(`Could not read “${path}”`, error), stamp);
    }
  }

  #addProblem(path: string, kind: Entry['kind'], problem: Failure | undefined, stamp = ''): void {
    this.#entries.set(path, { path, kind, size: 0, version: '', problem, stamp, isFresh: false });
  }

  #overLimit(): Failure | undefined {
    const { maxNames, maxMs } = this.#options.limits;
    this.#names += 1;
    const tried = `Could not read the workspace “${this.#root}”`;
    if (this.#names > maxNames) {
      const hint = 'Move files that are not documents out of its folders, or use several workspaces.';
      return fail('too-large', tried, { system: `it contains more than ${maxNames} files`, hint }).error;
    }
    if (performance.now() - this.#startedAt > maxMs) {
      const system = `reading it takes longer than ${maxMs} ms; ${this.#names} files were read`;
      const hint = 'Use a copy on a faster disk, remove large files, or use several workspaces.';
      return fail('too-large', tried, { system, hint }).error;
    }
    return undefined;
  }

  #findLeftovers(): void {
    const folder = fs.opendirSync(this.#root, { bufferSize: 256 });
    try {
      for (let count = 0; count < maxRootNames; count += 1) {
        const entry = folder.readSync();
        if (entry === null) return;
        this.#noteLeftover(this.#root, entry.name);
      }
    } finally {
      folder.closeSync();
    }
  }

  #noteLeftover(folder: string, name: string): void {
    if (!temporaryName.test(name)) return;
    const full = join(folder, name);
    const stats = fs.lstatSync(full, { throwIfNoEntry: false });
    if (stats?.isFile() && Date.now() - stats.mtimeMs > leftoverMs) this.#leftovers.push(full);
  }

  #notAWorkspace(): Result<Scan> {
    const found = this.#entries.get(manifestName);
    return fail('not-found', `The folder “${this.#root}” is not a workspace`, {
      system: found?.problem ? found.problem.system : `it does not contain a file ${manifestName}`,
      hint: 'Select a folder with this file, or create a workspace.',
    });
  }
}

function refused(path: string, isLink: boolean): Failure {
  const errno = isLink ? { code: 'ELOOP' } : { code: 'ERR_NOT_REGULAR_FILE' };
  const what = isLink ? 'it is a symbolic link' : 'it is a pipe, a socket or a device';
  return workspaceFailure(`“${path}” is not read`, Object.assign(new Error(what), errno));
}

/** Adds a problem to entries whose paths some file system cannot tell apart. They can be read here. */
function withClashes(entries: Map<string, Scanned>): Map<string, Scanned> {
  const groups = Map.groupBy(entries.keys(), clashKey);
  for (const group of groups.values()) {
    if (group.length === 1) continue;
    for (const path of group) {
      const entry = entries.get(path);
      if (!entry || entry.problem) continue;
      const others = group.filter((it) => it !== path).map((it) => `“${it}”`);
      const system = `the name differs from ${others.join(', ')} only in case or accents`;
      const { error } = fail('bad-input', `“${path}” cannot exist on every system`, { system, hint: 'Rename it.' });
      entries.set(path, { ...entry, problem: error });
    }
  }
  return entries;
}

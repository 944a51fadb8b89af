import fs from 'node:fs';
import { join } from 'node:path';
import { pathProblem as usualPathProblem } from '#shared/document/document-path.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { clashKey, type PathRule, pathFailure } from './document-path.ts';
import { attempt, errnoOf, lookAt, makeFolderInside, readInside, type Version } from './folder-files.ts';
import { withFolderLock } from './folder-lock.ts';
import { FolderWatch } from './folder-watch.ts';
import { type Changes, isWithin, Listing } from './listing.ts';
import { type Move, moveAll, RemovedFiles } from './removed-files.ts';
import { type Saved, saveDocument } from './save-document.ts';
import { type Entry, type Scan, type ScanLimits, type Scanned, scanWorkspace, usualLimits } from './scan.ts';
import { workspaceId } from './workspace-folder.ts';

export interface WorkspaceOptions {
  /** The rule for names of documents. Paths out of the folders of documents are refused in any case. */
  readonly pathProblem?: PathRule;
  readonly limits?: Partial<ScanLimits>;
}

/** The longest document. Bytes. */
const maxDocumentBytes = 64 * 1_048_576;

/**
 * A folder of documents that a team keeps in git. Knows paths and bytes, not what they mean. Follows no link and touches nothing outside
 * the folder. What it writes is on the disk when the call returns, and a reader sees the old content or the new.
 */
export class Workspace {
  /** The real path of the folder. */
  readonly folder: string;
  /** Identifies the folder on this machine, for what the app keeps of it elsewhere. */
  readonly id: string;
  readonly #pathProblem: PathRule;
  readonly #limits: ScanLimits;
  readonly #listing: Listing;
  readonly #watch: FolderWatch;
  readonly #removed: RemovedFiles;
  /** The entries of each removal, by its handle. */
  readonly #dropped = new Map<string, readonly { path: string; entries: readonly Scanned[] }[]>();
  readonly #listeners = new Set<(changes: Changes) => void>();
  #scanning: Promise<void> | undefined;
  #problem: Failure | undefined;
  #isClosed = false;

  private constructor(folder: string, pathProblem: PathRule, limits: ScanLimits, entries: Scan['entries']) {
    this.folder = folder;
    this.id = workspaceId(folder);
    this.#pathProblem = pathProblem;
    this.#limits = limits;
    this.#listing = new Listing(entries);
    this.#removed = new RemovedFiles(folder);
    this.#watch = new FolderWatch(folder, () => void this.rescan());
    this.#watch.watch(this.#listing.folders());
  }

  /** Opens the workspace in `folder`; fails as `scanWorkspace` does, within the limit on time. Must be closed. */
  static async open(folder: string, options: WorkspaceOptions = {}): Promise<Result<Workspace>> {
    const root = await attempt(`Could not open the workspace “${folder}”`, () => fs.realpathSync.native(folder));
    if (!root.ok) return root;
    const { pathProblem = usualPathProblem } = options;
    const limits = { ...usualLimits, ...options.limits };
    const scan = await scanWorkspace(root.value, { pathProblem, limits, known: new Map() });
    if (!scan.ok) return scan;
    const workspace = new Workspace(root.value, pathProblem, limits, scan.value.entries);
    for (const path of scan.value.leftovers) removeQuietly(path);
    workspace.#removed.clearOld();
    return ok(workspace);
  }

  /** Returns the documents and folders, sorted by path, as the last scan and the changes made here have left them. */
  list(): Entry[] {
    return this.#listing.list();
  }

  /** Returns content and version of the document at `path`. Fails with `bad-input` for another path, and with `file`. */
  async read(path: string): Promise<Result<{ readonly bytes: Uint8Array; readonly version: Version }>> {
    const wrong = pathFailure(path, this.#pathProblem);
    if (wrong) return { ok: false, error: wrong };
    return await attempt(`Could not read “${path}”`, () => {
      const { bytes, version } = readInside(this.folder, path, maxDocumentBytes);
      return { bytes, version };
    });
  }

  /**
   * Saves `bytes` at `path` if the file still has the version `basedOn`, or does not exist (`new`); otherwise changes nothing and returns
   * the conflict. The same bytes are not a conflict. Creates missing folders. Fails with `bad-input`, `too-large` or `file`.
   */
  async write(path: string, bytes: Uint8Array, basedOn: Version | 'new'): Promise<Result<Saved>> {
    const tried = `Could not save “${path}”`;
    const wrong = pathFailure(path, this.#pathProblem) ?? (basedOn === 'new' ? this.#clash(path) : undefined);
    if (wrong) return { ok: false, error: wrong };
    if (bytes.length > maxDocumentBytes) {
      const system = `it has ${bytes.length} bytes, and the maximum is ${maxDocumentBytes}`;
      return fail('too-large', tried, { system, hint: 'Send data of this size as a file.' });
    }
    return await attempt(tried, () =>
      saveDocument(this.folder, path, { bytes, basedOn }, (version, state) =>
        this.#listing.putFile(path, version, state),
      ),
    );
  }

  /** Creates the folder at `path` with its missing parents. */
  async createFolder(path: string): Promise<Result<void>> {
    const clash = this.#clash(path);
    if (clash) return { ok: false, error: clash };
    return await this.#change(`Could not create the folder “${path}”`, [path], () => {
      makeFolderInside(this.folder, path);
      this.#listing.putFolder(path);
    });
  }

  /** Moves or renames files and folders, all or none: a document and what belongs to it. Fails with `file` if a target exists. */
  async move(moves: readonly Move[]): Promise<Result<void>> {
    const paths = moves.flatMap(({ from, to }) => [from, to]);
    const clash = moves.map(({ from, to }) => this.#clash(to, from)).find((it) => it !== undefined);
    if (clash) return { ok: false, error: clash };
    const [first] = moves;
    return await this.#change(`Could not move “${first?.from}” to “${first?.to}”`, paths, () => {
      moveAll(this.folder, moves);
      for (const { from, to } of moves) this.#putBack(this.#listing.drop(from), from, to);
    });
  }

  /** Copies the document at `from` to `to`. A conflict says that `to` exists. */
  async duplicate(from: string, to: string): Promise<Result<Saved>> {
    const content = await this.read(from);
    return content.ok ? await this.write(to, content.value.bytes, 'new') : content;
  }

  /** Removes files and folders, all or none; returns a handle for `restore`, which is valid until the workspace is closed. */
  async remove(paths: readonly string[]): Promise<Result<string>> {
    return await this.#change(`Could not remove “${paths[0]}”`, paths, () => {
      const handle = this.#removed.remove(paths);
      this.#dropped.set(
        handle,
        paths.map((path) => ({ path, entries: this.#listing.drop(path) })),
      );
      return handle;
    });
  }

  /** Undoes a removal. Fails with `not-found` for an unknown handle, with `file` if something with the same name exists now. */
  async restore(handle: string): Promise<Result<void>> {
    const dropped = this.#dropped.get(handle);
    if (!dropped) {
      const hint = 'It was restored before, or the workspace was closed.';
      return fail('not-found', 'Could not restore what was removed', { hint });
    }
    const paths = dropped.map(({ path }) => path);
    return await this.#change(`Could not restore “${paths[0]}”`, paths, () => {
      this.#removed.restore(handle, paths);
      this.#dropped.delete(handle);
      for (const { path, entries } of dropped) this.#putBack(entries, path, path);
    });
  }

  /** Calls `listener` with each batch of changes by other programs; returns a function that ends it. */
  onChange(listener: (changes: Changes) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks for changes by other programs now: all changes so far have been reported when it resolves. */
  async rescan(): Promise<void> {
    // A scan that is under way may have passed the place of a change.
    while (this.#scanning) await this.#scanning;
    if (this.#isClosed) return;
    this.#scanning = this.#scan();
    try {
      await this.#scanning;
    } finally {
      this.#scanning = undefined;
    }
  }

  /** Ends watching, and deletes what was removed here. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watch.close();
    this.#listeners.clear();
    await this.#scanning;
    for (const handle of this.#dropped.keys()) this.#removed.delete(handle);
    this.#dropped.clear();
  }

  async #scan(): Promise<void> {
    this.#listing.beginScan();
    const known = this.#listing.entries;
    const scan = await scanWorkspace(this.folder, { pathProblem: this.#pathProblem, limits: this.#limits, known });
    const { changes, isBehind } = this.#listing.endScan(scan.ok ? scan.value.entries : known);
    const before = this.#problem;
    this.#problem = scan.ok ? undefined : scan.error;
    if (this.#isClosed) return;
    this.#watch.watch(this.#listing.folders());
    if (isBehind) this.#watch.note();
    const { added, changed, removed } = changes;
    const hasNews = added.length + changed.length + removed.length > 0 || before?.system !== this.#problem?.system;
    if (!hasNews) return;
    for (const listener of this.#listeners) listener(this.#problem ? { ...changes, problem: this.#problem } : changes);
  }

  /** Checks `paths` and runs `act`, which changes the folder and the listing, with the lock. */
  async #change<T>(tried: string, paths: readonly string[], act: () => T): Promise<Result<T>> {
    const wrong = paths.map((path) => pathFailure(path, this.#pathProblem)).find((it) => it !== undefined);
    if (wrong) return { ok: false, error: wrong };
    return await attempt(tried, () => withFolderLock(this.folder, act));
  }

  /** Enters entries that were at `from` at `to`. The version of a long file includes times that a move changes. */
  #putBack(entries: readonly Scanned[], from: string, to: string): void {
    this.#listing.putMoved(entries, from, to);
    for (const { path, version, stamp } of entries) {
      if (stamp === '' || version !== stamp) continue;
      const moved = to + path.slice(from.length);
      const found = lookAt(join(this.folder, moved));
      if (found) this.#listing.putFile(moved, found.version, found.state);
    }
  }

  /** Returns the failure for a new path that differs from that of another entry only in case or accents. */
  #clash(path: string, from?: string): Failure | undefined {
    const key = clashKey(path);
    const isSpared = (other: string) => other === path || (from !== undefined && isWithin(other, from));
    const clash = [...this.#listing.entries.keys()].find((other) => clashKey(other) === key && !isSpared(other));
    if (clash === undefined) return undefined;
    const system = `“${clash}” exists, and some systems do not distinguish them`;
    return fail('bad-input', `“${path}” cannot exist on every system`, { system, hint: 'Use another name.' }).error;
  }
}

function removeQuietly(path: string): void {
  try {
    fs.rmSync(path, { force: true });
  } catch (error) {
    if (errnoOf(error) === '') throw error;
  }
}

import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type StagedMode, stageFile, syncFolder } from '#files/replace-file.ts';
import { type FileState, locate, lookAt, makeFolderInside, stateOf, type Version, versionOf } from './folder-files.ts';
import { withFolderLock } from './folder-lock.ts';

/** The answer to a save: the new version, or the version on the disk that the writer has not seen (`undefined`: no file). */
export type Saved =
  | { readonly kind: 'saved'; readonly version: Version }
  | { readonly kind: 'conflict'; readonly theirs: Version | undefined };

/**
 * Saves `bytes` at `path` in the workspace `root` if the file there has the version `basedOn`, or does not exist (`new`), or has these
 * bytes; otherwise changes nothing and returns the conflict. Calls `enter` with the new state while it still has the lock.
 * When it resolves, the content is on the disk. Rejects as `node:fs` does, and if a part of the path is a link.
 */
export async function saveDocument(
  root: string,
  path: string,
  { bytes, basedOn }: { readonly bytes: Uint8Array; readonly basedOn: Version | 'new' },
  enter: (version: Version, state: FileState) => void,
): Promise<Saved> {
  const folder = makeFolderInside(root, dirname(path));
  const staged = await stageFile(folder, bytes, modeFor(join(folder, basename(path))));
  try {
    const saved = await withFolderLock(root, (): Saved => {
      const target = locate(root, path);
      const current = lookAt(target);
      const isExpected = basedOn === 'new' ? current === undefined : current?.version === basedOn;
      if (!isExpected && !(current && hasContent(current, bytes)))
        return { kind: 'conflict', theirs: current?.version };
      fs.renameSync(staged, target);
      const state = stateOf(fs.lstatSync(target, { bigint: true }));
      const version = versionOf(bytes, state);
      enter(version, state);
      return { kind: 'saved', version };
    });
    if (saved.kind === 'saved') await syncFolder(folder);
    return saved;
  } finally {
    fs.rmSync(staged, { force: true });
  }
}

/** Returns true if a file is known to contain `bytes`. Of long ones that is not known. */
function hasContent({ state, version }: { state: FileState; version: Version }, bytes: Uint8Array): boolean {
  return state.size === bytes.length && version !== state.stamp && version === versionOf(bytes, state);
}

/** A file keeps its permissions; a new one, which a team shares, has those that the umask leaves. */
function modeFor(path: string): StagedMode {
  const stats = fs.lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.mode & 0o777 : 'umask';
}

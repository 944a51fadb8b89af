import { chmodSync, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder, privateFileMode, privateFolderMode } from '#files/private-files.ts';
import { temporaryName } from '#files/replace-file.ts';
import { fileFailure } from '#session/format/failures.ts';
import { fail, ok, type Result } from '#shared/failure.ts';

/** What Wirebench stores in its folder; also files that are being replaced. */
const ownNames =
  /^(?:sessions|uploads|downloads|entrance|tls|electron|workspace|workspaces|drafts|secrets|(?:settings|payloads|window)\.json)$/;
const isOwn = (name: string) => ownNames.test(name) || temporaryName.test(name);
/** The permissions of everyone but the owner. */
const othersMode = 0o077;
const writeMode = 0o022;

/**
 * Creates the app's folder with its folder `sessions`, or closes an existing one to other users: mode 0700. A folder that
 * contains other things too, or belongs to another user, keeps its mode, and only Wirebench's files in it are closed. Returns a
 * warning about such a folder, otherwise ''. Fails with `file` if the folder cannot be created.
 */
export function prepareHome(home: string): Result<string> {
  const sessions = join(home, 'sessions');
  try {
    makePrivateFolder(sessions);
    // Modes have no effect on Windows.
    return ok(process.platform === 'win32' ? '' : closeToOthers(home));
  } catch (error) {
    const { system } = fileFailure('', error);
    const hint = 'Set WIREBENCH_HOME to a writable folder.';
    return fail('file', `Could not create the folder “${sessions}”`, { system, hint });
  }
}

function closeToOthers(home: string): string {
  const found = statSync(home);
  if ((found.mode & othersMode) === 0) return '';
  const names = readdirSync(home);
  if (names.every(isOwn) && narrow(home, found)) return '';
  const own = names.filter(isOwn).map((name) => join(home, name));
  const open = own.filter((path) => !narrow(path, lstatSync(path)));
  const folder = `the folder “${home}” (mode ${(found.mode & 0o7777).toString(8).padStart(4, '0')})`;
  if (found.mode & writeMode) {
    return `Other users can write to ${folder} and replace the files of Wirebench there. Set WIREBENCH_HOME to a folder that only you can write to.`;
  }
  if (open.length > 0) {
    return `Other users can read ${folder}, and access to these could not be restricted: ${open.join(', ')}. Set WIREBENCH_HOME to a folder that only you can read.`;
  }
  return `Other users can list ${folder}. They cannot read the files of Wirebench there.`;
}

/** Removes the permissions of others from the file or folder at `path`; returns true on success. */
function narrow(path: string, found: Stats): boolean {
  if (found.isSymbolicLink() || found.uid !== process.geteuid?.()) return false;
  try {
    chmodSync(path, found.isDirectory() ? privateFolderMode : privateFileMode);
    return true;
  } catch {
    // The disk is read-only, or has no permissions: the caller warns.
    return false;
  }
}

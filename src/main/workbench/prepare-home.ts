import { chmodSync, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder, privateFileMode, privateFolderMode } from '#files/private-files.ts';
import { fileFailure } from '#session/file-failure.ts';
import { fail, ok, type Result } from '#shared/failure.ts';

/** What Wirebench keeps in its folder, and a file of it that is being replaced. */
const ownNames =
  /^(?:sessions|uploads|downloads|entrance|tls|electron|(?:settings|payloads|window)\.json(?:\.\d+\.[0-9a-f]+\.new)?)$/;
/** The permissions of everybody but the owner. */
const othersMode = 0o077;
const writeMode = 0o022;

/**
 * Makes the app's folder with its folder `sessions`, or closes one that exists to other users: mode 0700. A folder that
 * contains other things too, or belongs to another user, keeps its mode, and what Wirebench has in it is closed. Returns a
 * warning about such a folder, '' where there is none. Fails (`file`) where the folder cannot be made.
 */
export function prepareHome(home: string): Result<string> {
  const sessions = join(home, 'sessions');
  try {
    makePrivateFolder(sessions);
    // Modes have no effect on Windows.
    return ok(process.platform === 'win32' ? '' : closeToOthers(home));
  } catch (error) {
    const { system } = fileFailure('', error);
    const hint = 'Choose a folder that can be written to with WIREBENCH_HOME.';
    return fail('file', `Could not make the folder “${sessions}”`, { system, hint });
  }
}

function closeToOthers(home: string): string {
  const found = statSync(home);
  if ((found.mode & othersMode) === 0) return '';
  const names = readdirSync(home);
  if (names.every((name) => ownNames.test(name)) && narrow(home, found)) return '';
  const own = names.filter((name) => ownNames.test(name)).map((name) => join(home, name));
  const open = own.filter((path) => !narrow(path, lstatSync(path)));
  const folder = `the folder “${home}” (mode ${(found.mode & 0o7777).toString(8).padStart(4, '0')})`;
  if (found.mode & writeMode) {
    return `Other users may write to ${folder} and replace what Wirebench keeps there. Choose a folder of your own with WIREBENCH_HOME.`;
  }
  if (open.length > 0) {
    return `Other users may read ${folder}, and these could not be closed to them: ${open.join(', ')}. Choose a folder of your own with WIREBENCH_HOME.`;
  }
  return `Other users may list ${folder}. What Wirebench keeps there is closed to them.`;
}

/** Takes the permissions of others from the file or folder at `path`; returns true where that was possible. */
function narrow(path: string, found: Stats): boolean {
  if (found.isSymbolicLink() || found.uid !== process.geteuid?.()) return false;
  try {
    chmodSync(path, found.isDirectory() ? privateFolderMode : privateFileMode);
    return true;
  } catch {
    // A disk that is read-only, or has no permissions: the caller warns.
    return false;
  }
}

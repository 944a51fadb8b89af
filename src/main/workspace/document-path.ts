import { type Failure, fail } from '#shared/failure.ts';

// Which paths this layer reads and writes: those in the folders of documents. The rule for names is that of shared/document.

/** The file that makes a folder a workspace. */
export const manifestName = 'wirebench.yaml';
/** The folders of a workspace that contain documents. Others are not looked at. */
export const documentFolders = ['endpoints', 'payloads', 'environments', 'lists'] as const;

/** Returns why `path` cannot be the path of a document or folder, as a phrase; `undefined` if it can. */
export type PathRule = (path: string) => string | undefined;

/**
 * Returns the failure for a path, relative to the workspace with `/`, that leads out of the folders of documents, or that `rule` does
 * not allow; `undefined` for a good one.
 */
export function pathFailure(path: string, rule: PathRule): Failure | undefined {
  const system = placeProblem(path) ?? rule(path);
  if (system === undefined) return undefined;
  const hint = 'Use a name that every system allows.';
  return fail('bad-input', `“${path}” is not the path of a document`, { system, hint }).error;
}

/** The part of the rule that protects the files outside, and those of git. */
function placeProblem(path: string): string | undefined {
  if (path === manifestName) return undefined;
  const parts = path.split('/');
  if (!documentFolders.some((folder) => folder === parts[0])) {
    return `it does not begin with one of the folders ${documentFolders.join(', ')}`;
  }
  if (parts.some((part) => part === '' || part.startsWith('.'))) return 'a part is empty or begins with a dot';
  // Node replaces what is not UTF-8 in a name by U+FFFD: the file has another name.
  if (path.includes('\ufffd')) return 'it contains a character that is not valid UTF-8';
  return /[\0\\]/.test(path) ? 'it contains NUL or a backslash' : undefined;
}

/** Returns a key that two paths share if some file system cannot tell them apart: by case, or by the form of an accent. */
export function clashKey(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

import { type Failure, fail } from '#shared/failure.ts';

// The minimal rule of this layer. shared/document/document-path.ts replaces it: `WorkspaceOptions.pathProblem` takes the rule.

/** The file that makes a folder a workspace. */
export const manifestName = 'wirebench.yaml';
/** The folders of a workspace that contain documents. Others are not looked at. */
export const documentFolders = ['endpoints', 'payloads', 'environments', 'lists'] as const;

/** Returns what is wrong with the path of a document or folder, relative to the workspace with `/`; `undefined` for a good one. */
export type PathRule = (path: string) => Failure | undefined;

const maxDepth = 16;
const maxPartLength = 120;
const maxPartBytes = 255;
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** Characters that are not shown, or that a system of some member of the team does not allow in a name. */
const forbidden = /[\p{C}\p{Zl}\p{Zp}\ufffd\\:*?"<>|]/u;

/** The rule for a path in a workspace: one that every system can check out, and that leads nowhere else. */
export const documentPathProblem: PathRule = (path) => {
  const parts = path.split('/');
  const refuse = (why: string) =>
    fail('bad-input', `“${path}” is not the path of a document`, { system: why, hint: 'Rename it.' }).error;
  if (path === manifestName) return undefined;
  if (!documentFolders.some((folder) => folder === parts[0])) {
    return refuse(`it does not begin with one of the folders ${documentFolders.join(', ')}`);
  }
  if (parts.length > maxDepth) return refuse(`it has more than ${maxDepth} parts`);
  for (const part of parts) {
    if (part === '' || part.startsWith('.') || /[. ]$/.test(part)) {
      return refuse('a part is empty, begins with a dot, or ends with a dot or a blank');
    }
    if (forbidden.test(part)) return refuse('it contains a character that names of files may not contain everywhere');
    if (reserved.test(part)) return refuse('a part is a name that Windows reserves');
    if (part.length > maxPartLength || Buffer.byteLength(part) > maxPartBytes) {
      return refuse(`a part is longer than ${maxPartLength} characters or ${maxPartBytes} bytes`);
    }
  }
  return undefined;
};

/** Returns a key that two paths share if some file system cannot tell them apart: by case, or by the form of an accent. */
export function clashKey(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

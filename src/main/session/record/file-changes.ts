import { fstatSync, statSync } from 'node:fs';
import type { Failure } from '#shared/failure.ts';
import { fileFailure } from '../format/failures.ts';

/** A change that another program made to a file that is being recorded to. Sizes in bytes. */
type FileChange =
  | { readonly kind: 'truncated' | 'extended'; readonly size: number; readonly expected: number }
  | { readonly kind: 'deleted' | 'replaced' | 'renamed' }
  /** `at`: the byte at which the first changed block begins. */
  | { readonly kind: 'overwritten'; readonly at: number };

/** Returns true if `path` leads to the file that is open as `fd`. Throws what `node:fs` throws, except for a missing file. */
export function isSameFile(fd: number, path: string): boolean {
  const other = statSync(path, { throwIfNoEntry: false, bigint: true });
  const own = fstatSync(fd, { bigint: true });
  return other !== undefined && other.ino === own.ino && other.dev === own.dev;
}

/** Returns what happened to the file that is open as `fd` and was at `path`, with two system calls; throws what they throw. */
export function whereabouts(fd: number, path: string): 'here' | 'deleted' | 'replaced' | 'renamed' {
  const other = statSync(path, { throwIfNoEntry: false, bigint: true });
  const own = fstatSync(fd, { bigint: true });
  if (other === undefined) return own.nlink === 0n ? 'deleted' : 'renamed';
  return other.ino === own.ino && other.dev === own.dev ? 'here' : 'replaced';
}

/** Returns the failure of syncing the file at `path`; `undefined` if only its file system does not support that and reports it. */
export function syncFailure(path: string, error: unknown): Failure | undefined {
  return isSyncUnsupported(error) ? undefined : fileFailure(`Could not sync “${path}” to the disk`, error);
}

export function isSyncUnsupported(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOTSUP');
}

/** Returns the failure of a recording whose file another program has changed. `message` says what was tried. */
export function changedFailure(message: string, change: FileChange): Failure {
  const [system, hint] = wordsOf(change);
  return { code: 'file', message, system, hint };
}

function wordsOf(change: FileChange): readonly [system: string, hint: string] {
  switch (change.kind) {
    case 'truncated':
      return [
        `another program truncated the file: ${change.size} of ${change.expected} bytes are left`,
        'Retry or use a different location: what is in memory is recorded, and a record reports how much is lost.',
      ];
    case 'extended':
      return [
        `another program wrote to the file: it has ${change.size} bytes, and ${change.expected} were recorded`,
        'Retry or use a different location: only what Wirebench recorded is kept.',
      ];
    case 'deleted':
      return [
        'the file or its folder was deleted',
        'Use a different location, or create the folder again and retry: nothing recorded is lost until then.',
      ];
    case 'replaced':
      return [
        'another file is at this place',
        'Use a different location: nothing recorded is lost until then, and the other file is not changed.',
      ];
    case 'renamed':
      return ['the file was moved or renamed', 'Retry to write the session here again, or use a different location.'];
    case 'overwritten':
      return [
        change.at === 0
          ? 'another program overwrote the file'
          : `another program overwrote the file at byte ${change.at}`,
        'Use a different location: what is intact and what is in memory is recorded there, and a record reports how much is lost.',
      ];
  }
}

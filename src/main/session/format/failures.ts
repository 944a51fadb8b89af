import { descriptorHint } from '#files/descriptors.ts';
import { notRegularCode, notRegularHint } from '#files/regular-file.ts';
import type { Failure } from '#shared/failure.ts';
import { systemAnswer } from '#shared/socket/errno.ts';

// Failures are created without `fail`, so that the workers need not load the schema library.

const hints: Readonly<Record<string, string>> = {
  ENOENT: 'Check the path: a file to read must exist, and the folder of a file to write.',
  ENOTDIR: 'Part of the path is a file, not a folder. Use a different location.',
  EISDIR: 'The path is a folder. Name a file in it.',
  EEXIST: 'A file of this name exists and is not overwritten. Use a different name.',
  EACCES: 'This user may not do that. Change the permissions of the file and its folders, or use a different location.',
  EPERM:
    'Use a different location, change the permissions of the file and its folders, or close the program that holds it.',
  EBUSY: 'Another program holds the file. Close it there and try again, or use a different location.',
  ETXTBSY: 'Another program holds the file. Close it there and try again, or use a different location.',
  ENODEV: 'The disk is no longer available. Connect it and try again, or use a different location.',
  ENXIO: 'The disk is no longer available. Connect it and try again, or use a different location.',
  ESTALE: 'The network drive has lost the file. Connect it and try again, or use a different location.',
  EROFS: 'The file system is read-only. Use a different location.',
  ENOSPC: 'Free some space on this disk, or select another one.',
  EDQUOT: 'Your quota on this disk is used up. Free some space, or use another disk.',
  EFBIG: 'The file has reached the maximum size that the system allows. Start a new session.',
  EIO: 'The disk reports an error. Use a location on another disk.',
  [notRegularCode]: notRegularHint,
  ENFILE: 'The whole system has too many files open. Close other programs.',
};

/**
 * Returns the failure of a file operation: `message` says what was tried, the rest comes from the error that Node threw. Its code is
 * `closed` if the reader of a pipe has closed it (EPIPE), `internal` if a bug and not the system threw it, otherwise `file`.
 */
export function fileFailure(message: string, error: unknown): Failure {
  const { code, system } = systemWords(error);
  if (code === '' && isBug(error)) return bugFailure(message, system);
  const known = code === 'EMFILE' ? descriptorHint() : hints[code];
  const failureCode = code === 'EPIPE' ? 'closed' : 'file';
  return { code: failureCode, message, system, hint: known ?? 'Use a different location, or check the disk.' };
}

/** Returns true for the errors that wrong code throws. */
function isBug(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError;
}

/** Returns the failure for a bug: `message` says what was tried. */
export function bugFailure(message: string, system: string): Failure {
  return { code: 'internal', message, system, hint: 'This is a bug in Wirebench.' };
}

/** Returns the failure for a readable file that is not a session. */
export function notASession(path: string, why: string): Failure {
  return {
    code: 'not-a-session',
    message: `“${path}” is not a Wirebench session`,
    system: why,
    hint: 'Open a file that Wirebench saved as a session (.wirebench).',
  };
}

/** Returns the failure of a question to a closed session. */
export function sessionClosed(name: string): Failure {
  return { code: 'closed', message: `The session “${name}” is closed`, system: '', hint: 'Open its file again.' };
}

/** Returns the failure of a question about a record that does not exist. */
export function noRecord(seq: number, total: number): Failure {
  const hint = `The session has ${total} records, numbered from 0.`;
  return { code: 'not-found', message: `There is no record ${seq}`, system: '', hint };
}

export function cancelled(what: string): Failure {
  return { code: 'cancelled', message: `${what} was cancelled`, system: '', hint: '' };
}

/** Returns “write(): ENOSPC (no space left on device)” for the error that a call of `node:fs` threw. */
function systemWords(error: unknown): { code: string; system: string } {
  if (!(error instanceof Error)) return { code: '', system: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const call = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : '';
  if (code === '' || call === '') return { code, system: error.message };
  // Node's message is “ENOSPC: no space left on device, write”, or ends with “open '/a/path'”.
  const words = /^[A-Z0-9]+: (.*?)(?:, [a-z]+.*)?$/s.exec(error.message)?.[1] ?? error.message;
  return { code, system: systemAnswer(call, code, words) };
}

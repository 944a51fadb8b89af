import { type Failure, fail } from '#shared/failure.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';
import { descriptorHint } from './descriptors.ts';
import { notRegularCode, notRegularHint } from './regular-file.ts';

/** What to do, for errors for which the socket-oriented catalogue of errors gives another hint. */
const hints: Readonly<Record<string, string>> = {
  EACCES: 'This user may not read it. Change its permissions or those of its folders, or use another file.',
  EPERM: 'This user may not read it. Change its permissions or those of its folders, or use another file.',
  EINVAL: 'Check the path, or use another file.',
  ENAMETOOLONG: 'Use a shorter path.',
};

/** Returns the failure of reading a file: `tried` says what was tried; the rest comes from the error that reading threw. */
export function unreadableFile(tried: string, error: unknown): Failure {
  const errno = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  if (error instanceof Error && errno === notRegularCode) {
    return fail('file', tried, { system: error.message, hint: notRegularHint }).error;
  }
  const call = error instanceof Error && 'syscall' in error ? String(error.syscall) : 'read';
  const hint = errno === 'EMFILE' ? descriptorHint() : (hints[errno] ?? lookUpErrno(errno).hint);
  return fail('file', tried, { system: systemAnswer(call, errno), hint }).error;
}

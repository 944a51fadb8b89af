import { type Failure, fail } from '#shared/failure.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';
import { descriptorHint } from './descriptors.ts';
import { notRegularCode, notRegularHint } from './regular-file.ts';

/** Makes the failure of reading a file: `tried` says what was tried, the rest comes from what reading threw. */
export function unreadableFile(tried: string, error: unknown): Failure {
  const errno = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  if (error instanceof Error && errno === notRegularCode) {
    return fail('file', tried, { system: error.message, hint: notRegularHint }).error;
  }
  const call = error instanceof Error && 'syscall' in error ? String(error.syscall) : 'read';
  const hint = errno === 'EMFILE' ? descriptorHint() : lookUpErrno(errno).hint;
  return fail('file', tried, { system: systemAnswer(call, errno), hint }).error;
}

import { fail, type Result } from '#shared/failure.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';

/** Says why the file or stream `name` could not be read. */
export function unreadable(name: string, error: unknown): Result<never> {
  const errno = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  const call = error instanceof Error && 'syscall' in error ? String(error.syscall) : 'read';
  return fail('file', `Could not read ${name}`, { system: systemAnswer(call, errno), hint: lookUpErrno(errno).hint });
}

import type { SocketCall } from '#shared/socket/terms.ts';
import type { CallFailure } from './call-failure.ts';

const callsOfSyscalls: Readonly<Record<string, SocketCall>> = {
  getaddrinfo: 'getaddrinfo',
  bind: 'bind',
  connect: 'connect',
  accept: 'accept',
  read: 'recv',
  recv: 'recv',
  write: 'send',
  writev: 'send',
  send: 'send',
  shutdown: 'shutdown',
};

/** What Node threw instead of answering, where it does not like what it was given: a failure like any other. */
export function thrownFailure(error: unknown, call: SocketCall): CallFailure {
  const known = error instanceof Error ? error : new Error(String(error));
  const errno = 'code' in known ? String(known.code) : 'UNKNOWN';
  return { call, errno, text: known.message };
}

/**
 * What an error of Node's says of the system call behind it. Node binds inside its `listen`, so it reports every failure of
 * either as `listen`; `otherwise` is the call that is meant then.
 */
export function callFailure(error: NodeJS.ErrnoException, otherwise: SocketCall): CallFailure {
  const call = (error.syscall && callsOfSyscalls[error.syscall]) || otherwise;
  return { call, errno: error.code ?? 'UNKNOWN' };
}

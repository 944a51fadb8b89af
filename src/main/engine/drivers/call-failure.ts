import type { CertificateInfo, SocketCall } from '#shared/socket/terms.ts';

/** A failed call of the system: its name and the POSIX name of the error (Node's code where the system returned none). */
export interface CallFailure {
  readonly call: SocketCall;
  readonly errno: string;
  /** Details from the peer or the TLS library. */
  readonly text?: string | undefined;
  /** The HTTP status with which the server answered a WebSocket handshake. */
  readonly status?: number | undefined;
  /** The certificate that is not trusted. */
  readonly certificate?: CertificateInfo | undefined;
}

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

/** Converts an error that Node threw because of an invalid argument to a failure. */
export function thrownFailure(error: unknown, call: SocketCall): CallFailure {
  const known = error instanceof Error ? error : new Error(String(error));
  const errno = 'code' in known ? String(known.code) : 'UNKNOWN';
  return { call, errno, text: known.message };
}

/**
 * Converts an error of Node to the failure of its system call. Node binds inside its `listen` and reports every failure of
 * either as `listen`: then `fallback` is the call.
 */
export function callFailure(error: NodeJS.ErrnoException, fallback: SocketCall): CallFailure {
  const call = (error.syscall && callsOfSyscalls[error.syscall]) || fallback;
  return { call, errno: error.code ?? 'UNKNOWN' };
}

import { descriptorHint } from '#files/descriptors.ts';
import { type Failure, type FailureCode, type FailureParts, fail } from '#shared/failure.ts';
import type { Address } from '#shared/socket/address.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CertificateInfo, CloseCause, SocketCall } from '#shared/socket/terms.ts';

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

/** Returns the failure that the user sees for a failed call: `tried` is the sentence of what was tried, without a full stop. */
export function failureOf(
  tried: string,
  failure: CallFailure,
  more: FailureParts & { readonly code?: FailureCode | undefined } = {},
): Failure {
  const known = lookUpErrno(failure.errno);
  const usual = failure.errno === 'EMFILE' ? descriptorHint() : known.hint;
  const { code = known.code, system, hint = usual, ...parts } = more;
  const said = systemAnswer(failure.call, failure.errno, failure.text || undefined);
  return fail(code, tried, { ...parts, system: system ?? said, hint }).error;
}

/** Returns the event of a failed call, with the `address` of the call if it has one. */
export function failedEvent({ call, errno, text: details }: CallFailure, address?: Address): SocketEvent {
  const { text } = lookUpErrno(errno);
  // An error that is not in the catalogue has no text except its details.
  const words = details ?? (errno === 'EMFILE' ? `${text}. ${descriptorHint()}` : text === errno ? '' : text);
  const event = { kind: 'failed', call, errno, text: words } as const;
  return address ? { ...event, address } : event;
}

/** Returns the close cause of a failure. */
export function causeOf(failure: CallFailure): CloseCause {
  // A write after an RST fails with EPIPE.
  if (failure.errno === 'ECONNRESET' || failure.errno === 'EPIPE') return 'reset-by-peer';
  return failure.errno === 'ETIMEDOUT' ? 'timeout' : 'failed';
}

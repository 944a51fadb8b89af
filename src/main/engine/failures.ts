import { descriptorHint } from '#files/descriptors.ts';
import { type Failure, type FailureCode, type FailureParts, fail } from '#shared/failure.ts';
import type { Address } from '#shared/socket/address.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CloseCause } from '#shared/socket/terms.ts';
import type { CallFailure } from './drivers/call-failure.ts';

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

import { type Failure, fail } from '#shared/contract/failure.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';
import type { Address, SocketEvent } from '#shared/socket/event.ts';
import type { CallFailure } from './driver.ts';

/** What a person is told of a call that failed: `tried` is the sentence of what was tried, without a full stop. */
export function failureOf(
  tried: string,
  failure: CallFailure,
  more: { hint?: string; system?: string; freePort?: number | undefined } = {},
): Failure {
  const known = lookUpErrno(failure.errno);
  return fail(known.code, tried, {
    system: more.system ?? systemAnswer(failure.call, failure.errno),
    hint: more.hint ?? known.hint,
    freePort: more.freePort,
  }).error;
}

/** The event of a call that failed; `address` where it was about one. */
export function failedEvent({ call, errno }: CallFailure, address?: Address): SocketEvent {
  const { text } = lookUpErrno(errno);
  // An error that is not in the catalogue has no words but its code.
  const words = text === errno ? '' : text;
  const event = { kind: 'failed', call, errno, text: words } as const;
  return address ? { ...event, address } : event;
}

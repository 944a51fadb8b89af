import type { ReplyWait } from '#jobs/reply-wait.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { formatHostPort } from '#shared/socket/address.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';
import type { SendOptions } from './send-config.ts';

/** Returns the address of the peer, for messages. */
export function targetText({ transport, host, port, path }: ClientConfig): string {
  return transport === 'local' ? path : formatHostPort(host, port);
}

/** Returns the failure of the wait for replies, or `undefined` after a success. */
export function replyFailure(config: ClientConfig, options: SendOptions, wait: ReplyWait): Failure | undefined {
  const peer = targetText(config);
  if (wait.failed) {
    const { call, errno, text } = wait.failed;
    const known = lookUpErrno(errno);
    const system = systemAnswer(call, errno, text || undefined);
    return fail(known.code, `The connection to ${peer} failed`, { system, hint: known.hint }).error;
  }
  if (wait.limited !== undefined) {
    const hint = 'Allow more time with --idle or --first-byte.';
    return fail('timed-out', `The connection to ${peer} ended`, { system: wait.limited, hint }).error;
  }
  return unmetExpectation(peer, options, wait);
}

function unmetExpectation(peer: string, options: SendOptions, wait: ReplyWait): Failure | undefined {
  if (wait.enough) return undefined;
  const message = `Expected ${options.expect} messages from ${peer}, received ${wait.count}`;
  if (wait.peerEnded) {
    const hint = 'Check what the peer sends, and whether --framing splits it as intended.';
    return fail('closed', message, { system: 'the peer sent FIN', hint }).error;
  }
  if (options.keepOpen || options.repeat === Number.POSITIVE_INFINITY || (options.halfClose && !options.wait)) {
    const system = 'the connection was closed first';
    return fail('closed', message, { system, hint: 'Give the peer more time.' }).error;
  }
  const hint = 'Wait longer with --wait, or check whether --framing splits the replies as intended.';
  return fail('timed-out', message, { system: `no message for ${options.wait ?? 1_000} ms`, hint }).error;
}

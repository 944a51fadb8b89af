import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { formatHostPort } from '#shared/socket/address.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';
import type { ReplyWait } from './reply-wait.ts';
import type { SendOptions } from './send-config.ts';

/** Where a client connects to, in words. */
export function targetText({ transport, host, port, path }: ClientConfig): string {
  return transport === 'local' ? path : formatHostPort(host, port);
}

/** What failed while replies were waited for; nothing where all went well. */
export function replyFailure(config: ClientConfig, options: SendOptions, wait: ReplyWait): Failure | undefined {
  const peer = targetText(config);
  if (wait.failed) {
    const { call, errno, text } = wait.failed;
    const known = lookUpErrno(errno);
    const answer = systemAnswer(call, errno);
    const system = text === '' || text === known.text ? answer : `${answer}: ${text}`;
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
  const came = `Messages are missing: ${options.expect} expected from ${peer}, ${wait.count} came`;
  if (wait.peerEnded) {
    const hint = 'Look at what the peer sends, and whether --framing cuts it as you expect.';
    return fail('closed', came, { system: 'the peer ended its side (FIN)', hint }).error;
  }
  if (options.keepOpen || options.repeat === Number.POSITIVE_INFINITY || (options.halfClose && !options.wait)) {
    return fail('closed', came, { system: 'the connection was ended before', hint: 'Give the peer more time.' }).error;
  }
  const hint = 'Wait longer with --wait, or look at whether --framing cuts what the peer sends as you expect.';
  return fail('timed-out', came, { system: `${options.wait ?? 1_000} ms passed without one`, hint }).error;
}

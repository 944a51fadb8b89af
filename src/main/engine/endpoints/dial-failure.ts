import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { formatHostPort } from '#shared/socket/address.ts';
import type { Attempt, Diagnosis } from '../doctor/diagnosis.ts';
import type { CallFailure } from '../drivers/call-failure.ts';
import { failureOf } from '../failures.ts';
import { answersText } from './attempts.ts';

interface FailedDial {
  readonly config: ClientConfig;
  readonly attempts: readonly Attempt[];
  readonly failure: CallFailure;
}

/** Returns the failure of an attempt to connect to `target` that the user cancelled. */
export function cancelledDial(target: string): Failure {
  return fail('aborted', `Could not connect to ${target}`, { hint: 'You cancelled the attempt.' }).error;
}

/** Returns the failure that the user sees where no address of `target` could be connected to. */
export function dialFailure(
  target: string,
  { config, attempts, failure }: FailedDial,
  diagnosis: Diagnosis | undefined,
): Failure {
  const { transport, localHost, localPort } = config;
  const tried = `Could not connect to ${target}`;
  const isLocal = failure.call === 'bind' || failure.errno === 'EADDRINUSE';
  const from = formatHostPort(localHost === '' ? 'any address' : localHost, localPort);
  const system = attempts.length < 2 || isLocal ? undefined : answersText(attempts);
  const what = isLocal && transport !== 'local' ? `${tried} from ${from}` : tried;
  return failureOf(what, failure, { system, ...diagnosis });
}

import type { ClientConfig, Reconnect } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { type Address, formatAddress, formatHostPort } from '#shared/socket/address.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { abilitiesOf, type Transport } from '#shared/socket/transports.ts';
import type { Attempt, Diagnosis } from '../doctor/diagnosis.ts';
import { type Driver, isCallFailure, type StreamSocket } from '../drivers/driver.ts';
import { type CallFailure, failedEvent, failureOf } from '../failures.ts';
import { isUnconnected } from './endpoint.ts';
import { resolveHost } from './resolve.ts';

/** A connected stream. */
export interface Dialled {
  readonly stream: StreamSocket;
  readonly elapsedMs: number;
  /** Why this address was used, where there was a choice. */
  readonly why: string | undefined;
}

/** No address could be connected to: each attempt, and the last failure. */
interface NotDialled {
  readonly attempts: readonly Attempt[];
  readonly failure: CallFailure;
}

interface DialOptions {
  /** When aborted, the attempt ends, and nothing more is recorded. */
  readonly signal: AbortSignal;
  readonly emit: (event: SocketEvent) => void;
  /** Called when another peer sends to an unconnected UDP socket. */
  readonly accepted: (stream: StreamSocket) => void;
}

/** Connects to the target of a client: tries every address of its name in the system's order, and records each attempt. */
export class Dialer {
  readonly #driverOf: (transport: Transport) => Driver;

  constructor(driverOf: (transport: Transport) => Driver) {
    this.#driverOf = driverOf;
  }

  /** Makes one attempt on each address, until one connects. */
  async dial(config: ClientConfig, options: DialOptions): Promise<Dialled | NotDialled> {
    const { signal, emit, accepted } = options;
    const driver = this.#driverOf(config.transport);
    const unprepared = await driver.prepare?.(config);
    if (unprepared) {
      if (!signal.aborted) emit(failedEvent(unprepared));
      return { attempts: [], failure: unprepared };
    }
    const startedAt = performance.now();
    const addresses = await resolve(config, options);
    if ('errno' in addresses) return { attempts: [], failure: addresses };
    const attempts: Attempt[] = [];
    for (const [index, address] of addresses.entries()) {
      if (signal.aborted) break;
      if (!isUnconnected(config)) {
        emit({ kind: 'connecting', peer: address, attempt: index + 1, of: addresses.length });
      }
      const stream = await driver.connect(config, { address, signal, accepted });
      if (!isCallFailure(stream)) {
        if (!signal.aborted) {
          return { stream, elapsedMs: performance.now() - startedAt, why: whyUsed(addresses, index, attempts) };
        }
        stream.destroy();
      }
      if (signal.aborted || !isCallFailure(stream)) break;
      attempts.push({ address, failure: stream });
      emit(failedEvent(stream, address));
    }
    return { attempts, failure: attempts.at(-1)?.failure ?? { call: 'connect', errno: 'ECANCELED' } };
  }
}

async function resolve(
  { host, port, path, transport }: ClientConfig,
  { signal, emit }: DialOptions,
): Promise<readonly Address[] | CallFailure> {
  if (!abilitiesOf(transport).host) return [{ host: path, port: 0, family: 'local' }];
  const found = await resolveHost(host, port, signal);
  if ('errno' in found) {
    if (!signal.aborted) emit(failedEvent(found));
  } else if (found[0]?.host !== host) {
    emit({ kind: 'resolved', name: host, addresses: found });
  }
  return found;
}

/** Returns why this address was used, where there were several. */
function whyUsed(addresses: readonly Address[], index: number, failures: readonly Attempt[]): string | undefined {
  if (addresses.length < 2) return undefined;
  if (index === 0) return `the first of its ${addresses.length} addresses`;
  const before = failures.map(({ address, failure }) => `${formatAddress(address)} failed with ${failure.errno}`);
  return `address ${index + 1} of ${addresses.length}; ${before.join(', ')}`;
}

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

/** Returns the error of each address that was tried, in one line. */
function answersText(attempts: readonly Attempt[]): string {
  const answers = attempts.map(({ address, failure: { errno } }) => {
    return `${formatAddress(address)} ${errno} (${lookUpErrno(errno).text})`;
  });
  return `connect() failed for each address: ${answers.join('; ')}`;
}

/** The next attempt of a client that reconnects. */
interface NextAttempt {
  /** Its number among the attempts since the peer was last reached, from 1. */
  readonly attempt: number;
  /** The delay until it begins. Milliseconds. */
  readonly delayMs: number;
  /** The time at which it begins, in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Returns the delay before consecutive attempt `attempt` (from 1) in milliseconds; `undefined` where there is no such
 * attempt. `random` in [0, 1) determines the jitter: between half of the delay and all of it.
 */
export function reconnectDelay(reconnect: Reconnect, attempt: number, random: number): number | undefined {
  const { kind, delayMs, maxDelayMs, jitter, maxAttempts } = reconnect;
  if (kind === 'off' || (maxAttempts > 0 && attempt > maxAttempts)) return undefined;
  if (kind === 'fixed') return delayMs;
  const full = Math.min(maxDelayMs, delayMs * 2 ** Math.min(attempt - 1, 40));
  return Math.round(jitter ? full / 2 + (full / 2) * random : full);
}

/**
 * Returns the attempt after `failed` consecutive ones; `undefined` if no attempts are left. `now` is the time in milliseconds since
 * the epoch; `random` as for `reconnectDelay`.
 */
export function nextAttempt(
  reconnect: Reconnect,
  failed: number,
  { now, random }: { readonly now: number; readonly random: number },
): NextAttempt | undefined {
  const attempt = failed + 1;
  const delayMs = reconnectDelay(reconnect, attempt, random);
  return delayMs === undefined ? undefined : { attempt, delayMs, at: now + delayMs };
}

/**
 * Returns the number of consecutive failed attempts after a connection has ended, of the `failed` ones before it. A peer that
 * accepts and closes immediately does not count as reached: the delays continue to grow.
 */
export function failedAfter(
  { maxDelayMs }: Reconnect,
  failed: number,
  connection: { readonly bytesIn: number; readonly lastedMs: number },
): number {
  return connection.bytesIn > 0 || connection.lastedMs > maxDelayMs ? 0 : failed;
}

/** Resolves after `delayMs`, or as soon as `signal` is aborted. Removes its timer and its listener. */
export function untilDue(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const due = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', due);
      resolve();
    };
    const timer = setTimeout(due, delayMs);
    signal.addEventListener('abort', due);
    if (signal.aborted) due();
  });
}

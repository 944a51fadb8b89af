import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { abilitiesOf, type Transport } from '#shared/socket/transports.ts';
import type { Attempt } from '../doctor/diagnosis.ts';
import type { CallFailure } from '../drivers/call-failure.ts';
import { type Driver, isCallFailure, type StreamSocket } from '../drivers/driver.ts';
import { failedEvent } from '../failures.ts';
import { isUnconnected, whyUsed } from './attempts.ts';
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

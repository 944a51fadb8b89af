import net from 'node:net';
import type { ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { type CallFailure, failureOf } from '../failures.ts';

/**
 * Resolves `host` to its addresses in the system's order (getaddrinfo(3), AI_ADDRCONFIG not set). Returns an IP address
 * unchanged, with its zone. The system's resolver cannot be cancelled; once `signal` is aborted, its result is ignored.
 */
export async function resolveHost(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<readonly Address[] | CallFailure> {
  const family = net.isIP(host);
  if (family === 4 || family === 6) return [{ host, port, family }];
  try {
    const { lookup } = await import('node:dns/promises');
    const found = await unlessAborted(lookup(host, { all: true, order: 'verbatim' }), signal);
    return found.map((entry): Address => ({ host: entry.address, port, family: entry.family === 6 ? 6 : 4 }));
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'ENOTFOUND';
    return { call: 'getaddrinfo', errno: signal.aborted ? 'ECANCELED' : errno };
  }
}

/** Returns the result of `work`; rejects as soon as `signal` is aborted. Removes its listener from the signal. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Returns `config` with the address of its host; of a name with several addresses, the first. `emit` records the addresses
 * of the name.
 */
export async function resolveBindHost(
  config: ServerConfig,
  signal: AbortSignal,
  emit: (event: SocketEvent) => void,
): Promise<ServerConfig | CallFailure> {
  if (!abilitiesOf(config.transport).host || net.isIP(config.host)) return config;
  const found = await resolveHost(config.host, config.port, signal);
  if ('errno' in found) return found;
  emit({ kind: 'resolved', name: config.host, addresses: found });
  return { ...config, host: found[0]?.host ?? config.host };
}

/**
 * Resolves the host of a peer to an address that a socket bound to `local` can send to. Fails with `tried` as the message:
 * with `name-not-found` where there is no address, else with the resolver's error.
 */
export async function peerAddress(
  { host, port }: { readonly host: string; readonly port: number },
  { local, signal, tried }: { readonly local: Address; readonly signal: AbortSignal; readonly tried: string },
): Promise<Result<Address>> {
  const found = await resolveHost(host, port, signal);
  if ('errno' in found) return { ok: false, error: failureOf(tried, found) };
  const family = net.isIPv6(local.host) ? 6 : 4;
  const address = found.find((one) => one.family === family) ?? found[0];
  return address ? ok(address) : fail('name-not-found', tried, { hint: 'Check the spelling of the host.' });
}

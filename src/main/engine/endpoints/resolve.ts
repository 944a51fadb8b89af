import { lookup } from 'node:dns/promises';
import net from 'node:net';
import type { Address } from '#shared/socket/event.ts';
import type { CallFailure } from '../drivers/driver.ts';

/**
 * The addresses of `host` in the system's order (getaddrinfo(3), AI_ADDRCONFIG not set); an address is its own, zone id and
 * all. The system's resolver cannot be called off, but is not waited for once `signal` is aborted.
 */
export async function resolveHost(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<readonly Address[] | CallFailure> {
  const family = net.isIP(host);
  if (family === 4 || family === 6) return [{ host, port, family }];
  try {
    const found = await Promise.race([lookup(host, { all: true, order: 'verbatim' }), aborted(signal)]);
    return found.map((entry): Address => ({ host: entry.address, port, family: entry.family === 6 ? 6 : 4 }));
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'ENOTFOUND';
    return { call: 'getaddrinfo', errno: signal.aborted ? 'ECANCELED' : errno };
  }
}

/** Rejects when `signal` is aborted; pending until then. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

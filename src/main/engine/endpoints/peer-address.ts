import net from 'node:net';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { Address } from '#shared/socket/address.ts';
import { failureOf } from '../failures.ts';
import { resolveHost } from './resolve.ts';

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

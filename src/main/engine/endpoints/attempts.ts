import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import { formatAddress } from '#shared/socket/address.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import type { Attempt } from '../doctor/diagnosis.ts';

/** Returns why this address was used, where there were several. */
export function whyUsed(
  addresses: readonly Address[],
  index: number,
  failures: readonly Attempt[],
): string | undefined {
  if (addresses.length < 2) return undefined;
  if (index === 0) return `the first of its ${addresses.length} addresses`;
  const before = failures.map(({ address, failure }) => `${formatAddress(address)} failed with ${failure.errno}`);
  return `address ${index + 1} of ${addresses.length}; ${before.join(', ')}`;
}

/** Returns true for a UDP client that does not call connect(). */
export function isUnconnected(config: EndpointConfig): boolean {
  return config.role === 'client' && config.transport === 'udp' && !config.udp.connected;
}

/** Returns the error of each address that was tried, in one line. */
export function answersText(attempts: readonly Attempt[]): string {
  const answers = attempts.map(({ address, failure: { errno } }) => {
    return `${formatAddress(address)} ${errno} (${lookUpErrno(errno).text})`;
  });
  return `connect() failed for each address: ${answers.join('; ')}`;
}

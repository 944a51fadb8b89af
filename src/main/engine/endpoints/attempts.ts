import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import { formatAddress } from '#shared/socket/address.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import type { Attempt } from '../doctor/diagnosis.ts';

/** Why this address was used, where there was a choice. */
export function whyUsed(
  addresses: readonly Address[],
  index: number,
  failures: readonly Attempt[],
): string | undefined {
  if (addresses.length < 2) return undefined;
  if (index === 0) return `the first of its ${addresses.length} addresses`;
  const before = failures.map(({ address, failure }) => `${formatAddress(address)} answered ${failure.errno}`);
  return `address ${index + 1} of ${addresses.length}; ${before.join(', ')}`;
}

/** True of a UDP client that is bound and calls no connect(). */
export function isUnconnected(config: EndpointConfig): boolean {
  return config.role === 'client' && config.transport === 'udp' && !config.udp.connected;
}

/** What the system answered for each address that was tried. */
export function answersText(attempts: readonly Attempt[]): string {
  const answers = attempts.map(({ address, failure: { errno } }) => {
    return `${formatAddress(address)} ${errno} (${lookUpErrno(errno).text})`;
  });
  return `connect answered for each address: ${answers.join('; ')}`;
}

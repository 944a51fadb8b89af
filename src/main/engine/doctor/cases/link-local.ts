import { familyOf, isLinkLocal } from '../../ip-address.ts';
import type { Case, Examination } from '../examination.ts';
import { listOf } from '../words.ts';

const errnos = ['EINVAL', 'EADDRNOTAVAIL', 'ENETUNREACH', 'EHOSTUNREACH', 'ENODEV', 'ENXIO', 'ETIMEDOUT', 'ENOTFOUND'];

/** Explains that a link-local IPv6 address needs its interface (RFC 4007, section 11): `fe80::1%eth0`. */
export const linkLocalCase: Case = {
  name: 'link-local address',
  fits: (examination) => errnos.includes(examination.errno) && linkLocalHost(examination) !== undefined,
  async examine(examination) {
    const host = linkLocalHost(examination) ?? '';
    const [bare = '', zone] = host.split('%');
    const names = interfaceNames(examination);
    const [first] = names;
    examination.note(
      names.length === 0
        ? 'No interface of this machine has a link-local address.'
        : `Interfaces with link-local addresses: ${listOf(names)}.`,
    );
    if (zone === undefined) {
      const which = first === undefined ? `${bare}%INTERFACE` : `${bare}%${first}`;
      return {
        code: 'address-not-available',
        hint: `${bare} is a link-local address, which needs its interface: enter ${which}${names.length > 1 ? `, or another of ${listOf(names)}` : ''}.`,
      };
    }
    if (names.includes(zone)) return undefined;
    const next = first === undefined ? 'use another address' : `use ${listOf(names, 'or')}`;
    return {
      code: 'address-not-available',
      hint: `This machine has no interface ${zone} with link-local addresses: ${next}.`,
    };
  },
};

function linkLocalHost({ config, local, target, trouble }: Examination): string | undefined {
  const hosts = trouble.role === 'client' ? [local.host, target?.host ?? config.host] : [config.host];
  return hosts.find((host) => isLinkLocal(host));
}

/** Returns the interfaces with link-local addresses. On Windows, zones may also be numbers. */
function interfaceNames(examination: Examination): string[] {
  const names = examination.interfaces().filter(({ host }) => familyOf(host) === 6 && isLinkLocal(host));
  return [...new Set(names.map(({ interfaceName }) => interfaceName))];
}

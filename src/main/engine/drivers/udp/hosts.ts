import net from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import os from 'node:os';
import type { Address } from '#shared/socket/address.ts';
import type { CallFailure } from '../../failures.ts';
import { canonicalHost, splitZone } from '../../ip-address.ts';

/** The prefix of IPv4 addresses in an IPv6 socket (RFC 4291, section 2.5.5.2). */
const mapped = '::ffff:';

/**
 * Returns the system's text for the address `host` on a socket of `family`, as in received datagrams. An IPv6 socket has IPv4
 * peers as `::ffff:a.b.c.d`. A zone is kept, by its interface's name, where the address is ambiguous without it (RFC 4007):
 * link-local and multicast. `undefined` where the socket cannot reach such an address.
 */
export function systemHost(host: string, family: 4 | 6): string | undefined {
  const kind = net.isIP(host);
  if (kind === 0) return undefined;
  if (kind === 4) return family === 4 ? host : mapped + host;
  const { address, zone } = splitZone(host);
  const plain = canonicalHost(address);
  if (family === 4) return plain.startsWith(mapped) && net.isIPv4(plain.slice(7)) ? plain.slice(7) : undefined;
  return zone !== '' && /^f(e[89ab]|f)/.test(plain) ? `${plain}%${zoneName(zone)}` : plain;
}

/** Returns true for a multicast address (RFC 5771: 224.0.0.0/4; RFC 4291: ff00::/8). */
export function isMulticast(address: string): boolean {
  if (net.isIPv4(address)) return /^2(2[4-9]|3\d)\./.test(address);
  return net.isIPv6(address) && canonicalHost(address).startsWith('ff');
}

/** Converts Node's address of a datagram or a socket. */
export function addressOf({ address, port }: { address: string; port: number }): Address {
  return { host: address, port, family: net.isIPv6(address) ? 6 : 4 };
}

/** Returns the name of the interface with this number; `zone` unchanged where it is a name or not known. */
function zoneName(zone: string): string {
  if (!/^\d+$/.test(zone) || process.platform === 'win32') return zone;
  for (const [name, addresses] of Object.entries(os.networkInterfaces())) {
    if (addresses?.some((one) => one.family === 'IPv6' && one.scopeid === Number(zone))) return name;
  }
  return zone;
}

/** The machine's interfaces as listed by os.networkInterfaces(). */
export type Interfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>;

/**
 * Returns the interface `text` in the format of Node's multicast calls: for IPv4 one of its addresses, for IPv6 its zone
 * (`::%eth0`; on Windows `::%2`). `text` is an address of either family, a name (`eth0`), a zone (`::%eth0`) or a number.
 * Fails for an unknown zone, which Node would treat as “any interface”.
 */
export function multicastInterface(
  text: string,
  family: 4 | 6,
  interfaces: Interfaces,
  platform: NodeJS.Platform,
): string | CallFailure {
  const { address, zone } = splitZone(text);
  // An IPv4 address is passed to the system unchanged: it also knows those of interfaces that are down.
  if (zone === '' && family === 4 && net.isIPv4(address)) return address;
  const wanted = zone === '' ? address : zone;
  const found = Object.entries(interfaces).find(([name, addresses = []]) => {
    return name === wanted || addresses.some((one) => matches(one, wanted));
  });
  if (!found) return failure('ENODEV', `there is no interface ${text}; this machine has ${list(interfaces)}`);
  const [name, addresses = []] = found;
  const own = addresses.filter((one) => one.family === `IPv${family}`);
  const [first] = own;
  if (!first) return failure('EADDRNOTAVAIL', `the interface ${name} has no IPv${family} address`);
  if (family === 4) return first.address;
  if (platform !== 'win32') return `::%${name}`;
  const scope = own.find((one) => one.family === 'IPv6' && one.scopeid !== 0);
  if (scope?.family !== 'IPv6') return failure('EADDRNOTAVAIL', `the interface ${name} has no link-local address`);
  return `::%${scope.scopeid}`;
}

function matches(one: NetworkInterfaceInfo, wanted: string): boolean {
  if (net.isIP(wanted) !== 0) return canonicalHost(one.address) === canonicalHost(wanted);
  return one.family === 'IPv6' && one.scopeid !== 0 && String(one.scopeid) === wanted;
}

function list(interfaces: Interfaces): string {
  const each = Object.entries(interfaces).map(
    ([name, addresses = []]) => `${name} (${addresses.map((one) => one.address).join(', ')})`,
  );
  return each.length === 0 ? 'none' : each.join(', ');
}

function failure(errno: string, text: string): CallFailure {
  return { call: 'bind', errno, text };
}

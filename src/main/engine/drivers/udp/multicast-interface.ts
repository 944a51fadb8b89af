import net from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { canonicalHost, splitZone } from '../../ip-address.ts';
import type { CallFailure } from '../call-failure.ts';

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

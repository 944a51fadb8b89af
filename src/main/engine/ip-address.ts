import net from 'node:net';
import { type Address, isLoopback } from '#shared/socket/address.ts';

/** Splits `fe80::1%eth0` into its address and zone (RFC 4007, section 11); the zone may be empty. */
export function splitZone(host: string): { address: string; zone: string } {
  const at = host.indexOf('%');
  return at < 0 ? { address: host, zone: '' } : { address: host.slice(0, at), zone: host.slice(at + 1) };
}

/** Returns the canonical form of an IPv6 address (RFC 5952), with its zone if any. Returns any other text unchanged. */
export function canonicalHost(host: string): string {
  const { address, zone } = splitZone(host);
  if (!net.isIPv6(address)) return host;
  const plain = new net.SocketAddress({ address, family: 'ipv6' }).address;
  return zone === '' ? plain : `${plain}%${zone}`;
}

/** Returns the IP version of an address; `undefined` where `host` is not an IP address. */
export function familyOf(host: string): 4 | 6 | undefined {
  const family = net.isIP(host);
  return family === 4 || family === 6 ? family : undefined;
}

/** Returns true for the addresses that stand for all addresses of a machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Returns true where a connection to `target`, an address of this machine, reaches the socket that listens at `local`. */
export function reaches(local: Address, target: Address, ipv6Only: boolean): boolean {
  if (local.port !== target.port) return false;
  const at = unmapped(local.host);
  const to = unmapped(target.host);
  if (at === to) return true;
  const family = familyOf(splitZone(to).address);
  // To connect to a wildcard address is to connect to this machine.
  if (isWildcard(to) && isLoopback(at)) return family === familyOf(at);
  if (!isWildcard(at)) return false;
  return local.family === family || (local.family === 6 && family === 4 && !ipv6Only);
}

/** Returns the canonical form of an address; an IPv4-mapped IPv6 address as IPv4. */
function unmapped(host: string): string {
  const canonical = canonicalHost(host);
  return /^::ffff:([\d.]+)$/.exec(canonical)?.[1] ?? canonical;
}

/** Returns true for addresses of fe80::/10 (RFC 4291, section 2.5.6). */
export function isLinkLocal(host: string): boolean {
  return net.isIPv6(splitZone(host).address) && /^fe[89ab][0-9a-f]:/i.test(host);
}

function blockOf(...subnets: readonly [string, number][]): net.BlockList {
  const block = new net.BlockList();
  for (const [address, prefix] of subnets) block.addSubnet(address, prefix, address.includes(':') ? 'ipv6' : 'ipv4');
  return block;
}

/** RFC 1918, RFC 3927, RFC 6598 and RFC 4193: addresses that are valid inside one network only. */
const privateBlock = blockOf(
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
  ['fc00::', 7],
  ['fe80::', 10],
);

/** RFC 5737 and RFC 3849: addresses reserved for documentation. */
const documentationBlock = blockOf(['192.0.2.0', 24], ['198.51.100.0', 24], ['203.0.113.0', 24], ['2001:db8::', 32]);

const multicastBlock = blockOf(['224.0.0.0', 4], ['ff00::', 8]);

function inBlock(block: net.BlockList, host: string): boolean {
  const bare = splitZone(host).address;
  const family = familyOf(bare);
  return family !== undefined && block.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}

/** Returns true for an address that is valid inside one network only. */
export function isPrivate(host: string): boolean {
  return inBlock(privateBlock, host);
}

/** Returns true for an address that is reserved for documentation. */
export function isDocumentation(host: string): boolean {
  return inBlock(documentationBlock, host);
}

/** Returns true for a multicast group. */
export function isMulticast(host: string): boolean {
  return inBlock(multicastBlock, host);
}

/** Returns true where `host` is in the network `cidr` (`192.168.1.5/24`). */
export function isInNetwork(host: string, cidr: string): boolean {
  const [address = '', prefix = ''] = cidr.split('/');
  const family = familyOf(address);
  const bare = splitZone(host).address;
  if (family === undefined || familyOf(bare) !== family || !/^\d{1,3}$/.test(prefix)) return false;
  return inBlock(blockOf([address, Number(prefix)]), bare);
}

/** Returns true for 255.255.255.255 and for the last address of one of the IPv4 networks `cidrs`. */
export function isBroadcast(host: string, cidrs: readonly string[]): boolean {
  if (!net.isIPv4(host)) return false;
  if (host === '255.255.255.255') return true;
  return cidrs.some((cidr) => {
    const prefix = Number(cidr.split('/')[1]);
    if (!(prefix >= 1 && prefix <= 30) || !isInNetwork(host, cidr)) return false;
    const value = host.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    return value % 2 ** (32 - prefix) === 2 ** (32 - prefix) - 1;
  });
}

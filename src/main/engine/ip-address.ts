import net from 'node:net';

/** `fe80::1%eth0` as its address and zone (RFC 4007, section 11); the zone is empty where there is none. */
export function splitZone(host: string): { address: string; zone: string } {
  const at = host.indexOf('%');
  return at < 0 ? { address: host, zone: '' } : { address: host.slice(0, at), zone: host.slice(at + 1) };
}

/** The one way to write an address here: IPv6 as RFC 5952 says, with its zone if any. Anything else is given back. */
export function canonicalHost(host: string): string {
  const { address, zone } = splitZone(host);
  if (!net.isIPv6(address)) return host;
  const plain = new net.SocketAddress({ address, family: 'ipv6' }).address;
  return zone === '' ? plain : `${plain}%${zone}`;
}

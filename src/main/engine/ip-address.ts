import net from 'node:net';

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

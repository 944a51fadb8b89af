/** The address of one side of a socket. For a local socket, `host` is its path (empty: unnamed) and `port` is 0. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6 | 'local';
}

/** Returns `host:port`, with brackets around an IPv6 address (RFC 3986, section 3.2.2). */
export function formatHostPort(host: string, port: number): string {
  return /^[0-9a-f]*:[0-9a-f:.]*(%.+)?$/i.test(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Returns `host:port`; for a local socket, its path, or `unnamed` where it has none. */
export function formatAddress(address: Address): string {
  if (address.family === 'local') return address.host === '' ? 'unnamed' : address.host;
  return formatHostPort(address.host, address.port);
}

/** Returns true for addresses that only this machine can reach: 127.0.0.0/8, ::1 and the name localhost. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^::ffff:/, '');
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

/**
 * Parses `HOST:PORT`, `[HOST]:PORT` or, where `defaultHost` is given, `PORT`. The port is a whole number; the endpoint's
 * schema checks its range. Returns `undefined` for any other text.
 */
export function parseHostPort(text: string, defaultHost?: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([^\]]+)\]:|([^:[\]]+):|:)?(\d{1,9})$/.exec(text.trim());
  if (!match) return undefined;
  const host = match[1] ?? match[2] ?? defaultHost;
  return host === undefined ? undefined : { host, port: Number(match[3]) };
}

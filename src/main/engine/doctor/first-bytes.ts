import type { SocketInfo } from '#shared/record/record.ts';

/** The protocols that the first bytes from a peer identify. */
export const knownProtocols = ['tls', 'http', 'ssh', 'smtp', 'ftp', 'redis', 'postgres', 'mysql', 'websocket'] as const;
export type KnownProtocol = (typeof knownProtocols)[number];

const names: Readonly<Record<KnownProtocol, string>> = {
  tls: 'TLS',
  http: 'HTTP',
  ssh: 'SSH',
  smtp: 'SMTP',
  ftp: 'FTP',
  redis: 'Redis',
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
  websocket: 'WebSocket',
};

/** Returns the protocol's usual name. */
export function protocolName(protocol: KnownProtocol): string {
  return names[protocol];
}

/**
 * Returns true where `bytes` begin with a TLS record of a handshake (22), an alert (21) or a change of cipher (20), of SSL
 * 3.0 or any later version (RFC 8446, section 5.1). A plain client that receives these is connected to a TLS port.
 */
export function looksLikeTls(bytes: Uint8Array): boolean {
  if (bytes.length < 3) return false;
  const [type = 0, major = 0, minor = 255] = bytes;
  if (type < 20 || type > 22 || major !== 3 || minor > 4) return false;
  // A record has a maximum of 2^14 bytes plus overhead; an unencrypted alert has two bytes.
  return bytes.length < 5 || ((bytes[3] ?? 0) << 8) + (bytes[4] ?? 0) <= 16_640;
}

/**
 * Returns what to report where `first`, the first bytes received over a plain TCP connection, are TLS; `undefined` where they
 * are not.
 */
export function unexpectedTls(
  { transport, role }: Pick<SocketInfo, 'transport' | 'role'>,
  first: Uint8Array,
): string | undefined {
  if (transport !== 'tcp' || !looksLikeTls(first)) return undefined;
  return role === 'accepted'
    ? 'the client speaks TLS but this server speaks TCP: use the same transport for both'
    : 'this port speaks TLS: select TLS instead of TCP';
}

const textSigns: readonly { readonly protocol: KnownProtocol; readonly pattern: RegExp }[] = [
  { protocol: 'ssh', pattern: /^SSH-\d\.\d/ },
  { protocol: 'websocket', pattern: /^HTTP\/1\.1 101 .*\r\nupgrade: *websocket/is },
  { protocol: 'websocket', pattern: /^GET [^\r\n]{1,500} HTTP\/1\.1\r\n.*\r\nupgrade: *websocket/is },
  { protocol: 'http', pattern: /^HTTP\/\d(\.\d)? \d{3}/ },
  { protocol: 'http', pattern: /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE) \S{1,500} HTTP\/\d/ },
  { protocol: 'http', pattern: /^PRI \* HTTP\/2\.0/ },
  { protocol: 'smtp', pattern: /^(220|554)[ -][^\r\n]*\bE?SMTP\b/i },
  { protocol: 'ftp', pattern: /^220[ -][^\r\n]*FTP/i },
  { protocol: 'smtp', pattern: /^(EHLO|HELO|MAIL FROM:) ?\S/i },
  { protocol: 'redis', pattern: /^(-(ERR|NOAUTH|DENIED|WRONGTYPE) |\+PONG\r\n|\*\d{1,4}\r\n\$\d{1,6}\r\n)/ },
];

/** The number of bytes that are searched. */
const searchedBytes = 2_048;

/**
 * Returns the protocol that the first bytes from a peer identify: a server's greeting, a client's request, or the answer to
 * one. `undefined` where they identify none. Accepts any bytes.
 */
export function protocolOf(bytes: Uint8Array): KnownProtocol | undefined {
  if (looksLikeTls(bytes)) return 'tls';
  if (isPostgres(bytes)) return 'postgres';
  if (isMysql(bytes)) return 'mysql';
  const text = Buffer.from(bytes.subarray(0, searchedBytes)).toString('latin1');
  return textSigns.find(({ pattern }) => pattern.test(text))?.protocol;
}

/** PostgreSQL's frontend/backend protocol 3: a client's startup or SSL request, a server's error or password request. */
function isPostgres(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0);
  const request = view.getUint32(4);
  if (length === 8 && (request === 80_877_103 || request === 80_877_104)) return true;
  if (request === 196_608 && length >= 8 && length <= 10_000) return true;
  if (bytes.length < 9) return false;
  const kind = String.fromCharCode(bytes[0] ?? 0);
  const inner = view.getUint32(1);
  if (kind === 'R') return inner >= 8 && inner <= 2_000 && view.getUint32(5) <= 12;
  // An error's first field is its severity: 'S' and then text.
  return (
    kind === 'E' &&
    inner >= 8 &&
    inner <= 30_000 &&
    bytes[5] === 0x53 &&
    /[A-Z]/.test(String.fromCharCode(bytes[6] ?? 0))
  );
}

/** MySQL's greeting: packet 0, protocol 10 with the version as text, or an error packet (client/server protocol, 41). */
function isMysql(bytes: Uint8Array): boolean {
  if (bytes.length < 7 || bytes[3] !== 0) return false;
  const length = (bytes[0] ?? 0) + ((bytes[1] ?? 0) << 8) + ((bytes[2] ?? 0) << 16);
  if (length < 5 || length > 1_024) return false;
  const text = Buffer.from(bytes.subarray(5, 64)).toString('latin1');
  return bytes[4] === 10
    ? /^\d{1,2}\.\d{1,2}\./.test(text)
    : bytes[4] === 255 && bytes[6] !== undefined && bytes[6] >= 4 && bytes[6] <= 7;
}

/** The bytes of an IP address: 4 or 16 of them. */
export type IpBytes = Uint8Array;

/** Parses `host` as an IPv4 or IPv6 address (RFC 4291, section 2.2; a zone is left out); returns `undefined` for other text. */
export function parseIp(host: string): IpBytes | undefined {
  return parseIp4(host) ?? (host.includes(':') ? parseIp6(host.replace(/%.*$/s, '')) : undefined);
}

function parseIp4(host: string): IpBytes | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  if (!match) return undefined;
  const bytes = match.slice(1).map(Number);
  return bytes.every((byte) => byte < 256) ? Uint8Array.from(bytes) : undefined;
}

function parseIp6(host: string): IpBytes | undefined {
  const halves = host.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '');
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '') : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(missing).fill(0), ...tail]);
}

/** Parses groups separated by colons, the last of which may be an IPv4 address. */
function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    const last4 = index === groups.length - 1 ? parseIp4(group) : undefined;
    if (last4) bytes.push(...last4);
    else if (/^[0-9a-f]{1,4}$/i.test(group))
      bytes.push(Number.parseInt(group, 16) >>> 8, Number.parseInt(group, 16) & 255);
    else return undefined;
  }
  return bytes;
}

/** Maps an IPv4 address into IPv6 (`::ffff:a.b.c.d`); returns an IPv6 address unchanged. */
export function toIp6(ip: IpBytes): IpBytes {
  if (ip.length === 16) return ip;
  return Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...ip]);
}

/**
 * Returns address `number` (from 1) of those reserved for documentation and tests: 192.0.2.0/24 (RFC 5737), then 198.18.0.0/15 (RFC
 * 2544), 2001:db8::/32 (RFC 3849).
 */
export function placeholderIp(version: 4 | 6, number: number): IpBytes {
  if (version === 4) {
    if (number < 255) return Uint8Array.of(192, 0, 2, number);
    return Uint8Array.of(198, 18 + ((number >>> 16) & 1), (number >>> 8) & 255, number & 255);
  }
  const bytes = new Uint8Array(16);
  bytes.set([0x20, 0x01, 0x0d, 0xb8]);
  new DataView(bytes.buffer).setUint32(12, number);
  return bytes;
}

/** Formats `ip`; for IPv6 without shortening of zeros, except leading ones. */
export function formatIp(ip: IpBytes): string {
  if (ip.length === 4) return ip.join('.');
  const view = new DataView(ip.buffer, ip.byteOffset, 16);
  return Array.from({ length: 8 }, (_, at) => view.getUint16(at * 2).toString(16)).join(':');
}

import { parseHex } from '../bytes/hex.ts';
import { createConfig, type EndpointConfig } from '../endpoint/endpoint-config.ts';

/*
 * The packets that Packet Sender keeps in `packets.ini` (QSettings' IniFormat: a section for each packet) or exports as JSON (an array with
 * the same keys in lower case). https://github.com/dannagle/PacketSender
 */

/** What one entry of another tool becomes. */
export interface ImportedEntry {
  readonly name: string;
  /** The payload; `undefined` without one. */
  readonly bytes?: Uint8Array | undefined;
  /** Where it is sent to, or where a server listens; `undefined` if Wirebench does not have such an endpoint. */
  readonly endpoint?: EndpointConfig | undefined;
}

/** Entries that could be read, and why others could not. */
interface ImportedEntries {
  readonly entries: readonly ImportedEntry[];
  readonly problems: readonly string[];
}

const maxPackets = 10_000;

/** Parses an export of Packet Sender; returns `undefined` for any other text. */
export function parsePackets(text: string): ImportedEntries | undefined {
  const packets = packetsInJson(text) ?? packetsInIni(text);
  if (packets === undefined) return undefined;
  const entries: ImportedEntry[] = [];
  const problems: string[] = [];
  if (packets.length > maxPackets)
    problems.push(`only the first ${maxPackets} of ${packets.length} packets are imported`);
  for (const packet of packets.slice(0, maxPackets)) {
    const name = packet.get('name') ?? 'packet';
    const hex = parseHex(packet.get('hexstring') ?? '');
    if (hex.ok) entries.push({ name, bytes: hex.bytes, endpoint: endpointOf(packet) });
    else problems.push(`packet “${name}”: character ${hex.at + 1} of its bytes: ${hex.reason}`);
  }
  return { entries, problems };
}

/** The keys of a packet in lower case. */
type Packet = ReadonlyMap<string, string>;

function endpointOf(packet: Packet): EndpointConfig | undefined {
  const host = packet.get('toip') ?? '';
  const port = Number(packet.get('port'));
  const kind = packet.get('tcporudp')?.trim().toLowerCase() ?? '';
  if (host === '' || host.length > 255 || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  const transport = kind === 'udp' ? 'udp' : kind === 'ssl' ? 'tls' : kind === 'tcp' ? 'tcp' : undefined;
  return transport && createConfig('client', transport, { host, port });
}

function packetsInJson(text: string): Packet[] | undefined {
  if (!/^\s*\[/.test(text)) return undefined;
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const packets = list.map((item: unknown) => {
    const members = typeof item === 'object' && item !== null ? Object.entries(item) : [];
    return new Map(members.map(([key, value]) => [key.toLowerCase(), String(value)]));
  });
  return packets.every((packet) => packet.has('hexstring')) ? packets : undefined;
}

function packetsInIni(text: string): Packet[] | undefined {
  const sections: Map<string, string>[] = [];
  let section: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\[.*\]\s*$/.test(line)) {
      section = new Map();
      sections.push(section);
      continue;
    }
    const at = line.indexOf('=');
    if (at > 0) section?.set(line.slice(0, at).trim().toLowerCase(), unquoted(line.slice(at + 1)));
  }
  const packets = sections.filter((one) => one.has('hexstring'));
  return packets.length > 0 ? packets : undefined;
}

const letters: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  0: '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** Returns the text of a value: QSettings writes quotes around some, and escapes. */
function unquoted(written: string): string {
  const trimmed = written.trim();
  const inside =
    trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"') ? trimmed.slice(1, -1) : trimmed;
  return inside.replaceAll(/\\(?:x([0-9a-f]{1,4})|(.))/gi, (_, code: string | undefined, letter: string) =>
    code === undefined ? (letters[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

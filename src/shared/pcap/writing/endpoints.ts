import type { SocketInfo } from '../../record/record.ts';
import { parseHostPort } from '../../socket/address.ts';
import { formatIp, type IpBytes, parseIp, placeholderIp, toIp6 } from './ip-address.ts';
import type { End } from './packet-writer.ts';

/** The two ends of a socket's packets, and which parts are synthetic. */
export interface Ends {
  readonly local: End;
  readonly peer: End;
  /** In words; empty if the ends are the recorded ones. */
  readonly madeUp: string;
}

/**
 * Assigns different ends to each socket, so that no two share a conversation: a connection may be recorded at both of its ends, and an
 * address may be used again. In that case, the connecting side gets a placeholder address.
 */
export class Endpoints {
  readonly #used = new Map<string, number>();
  readonly #placeholders = new Map<string, number>();
  /** The recorded ends of UDP sockets, from the local end to the peer. */
  readonly #datagrams = new Set<string>();

  /** `local` and `peer` as `host:port`; either may be unknown, or a name. */
  ends(info: Pick<SocketInfo, 'id' | 'role' | 'transport'>, local: string, peer: string): Ends {
    // A path that looks like an address is not one.
    const isPath = info.transport === 'local';
    const known = isPath ? noEnds : { local: parseEnd(local), peer: parseEnd(peer) };
    const version = wider(known.local?.ip, known.peer?.ip);
    const notes: string[] = [];
    const end = (side: 'local' | 'peer', text: string): End => {
      const found = known[side];
      const ip = found?.ip ?? this.#placeholder(version, text === '' ? `${side} ${info.id}` : text);
      const port = found?.port || (isPath ? 0 : portOf(text)) || ephemeralPort(info.id);
      const why = text === '' ? 'not known' : `“${text}”`;
      if (!found?.ip) notes.push(`the ${side} address is ${why} and is written as ${formatEnd({ ip, port })}`);
      else if (!found.port) notes.push(`the ${side} port is not known and is written as ${port}`);
      return { ip: version === 6 ? toIp6(ip) : ip, port };
    };
    const ends = { local: end('local', local), peer: end('peer', peer) };
    return this.#unused(info, ends, notes);
  }

  #unused(
    { role, transport }: Pick<SocketInfo, 'role' | 'transport'>,
    ends: Omit<Ends, 'madeUp'>,
    notes: string[],
  ): Ends {
    const base = keyOf(transport, ends.local, ends.peer);
    // With identical ends, the side that sent a packet would be ambiguous.
    const itself = formatEnd(ends.local) === formatEnd(ends.peer);
    let uses = this.#used.get(base) ?? 0;
    const oriented = `${formatEnd(ends.local)} ${formatEnd(ends.peer)}`;
    // Datagrams have no numbers, so a second flow to the same peer does not conflict.
    if ((uses === 0 || (transport === 'udp' && this.#datagrams.has(oriented))) && !itself) {
      this.#used.set(base, Math.max(uses, 1));
      if (transport === 'udp') this.#datagrams.add(oriented);
      return { ...ends, madeUp: notes.join('; ') };
    }
    const side = role === 'accepted' ? 'peer' : 'local';
    const before = ends[side];
    for (;;) {
      const ip = placeholderIp(before.ip.length === 4 ? 4 : 6, uses + (itself ? 1 : 0));
      const ours = { ...ends, [side]: { ip, port: before.port } };
      uses += 1;
      const key = keyOf(transport, ours.local, ours.peer);
      if (this.#used.has(key) || formatEnd(ours.local) === formatEnd(ours.peer)) continue;
      this.#used.set(base, uses);
      this.#used.set(key, 1);
      notes.push(
        `${formatEnd(before)} is written as ${formatEnd(ours[side])}, for ${itself ? 'both ends are the same' : 'another recorded socket has the same two addresses'}`,
      );
      return { ...ours, madeUp: notes.join('; ') };
    }
  }

  #placeholder(version: 4 | 6, text: string): IpBytes {
    const key = `${version} ${text.replace(/:\d+$/, '')}`;
    const number = this.#placeholders.get(key) ?? this.#placeholders.size + 1;
    this.#placeholders.set(key, number);
    return placeholderIp(version, number);
  }
}

const noEnds = { local: undefined, peer: undefined };

/** All transports but UDP are written as TCP and share its conversations. */
function keyOf(transport: string, one: End, other: End): string {
  return [transport === 'udp' ? 'udp' : 'tcp', ...[formatEnd(one), formatEnd(other)].sort()].join(' ');
}

function formatEnd({ ip, port }: End): string {
  return ip.length === 4 ? `${formatIp(ip)}:${port}` : `[${formatIp(ip)}]:${port}`;
}

function parseEnd(text: string): { ip: IpBytes | undefined; port: number } | undefined {
  const parts = parseHostPort(text);
  return parts && { ip: parseIp(parts.host), port: parts.port <= 65_535 ? parts.port : 0 };
}

function portOf(text: string): number {
  const port = Number(/:(\d{1,5})$/.exec(text)?.[1] ?? 0);
  return port <= 65_535 ? port : 0;
}

function wider(one: IpBytes | undefined, other: IpBytes | undefined): 4 | 6 {
  return one?.length === 16 || other?.length === 16 ? 6 : 4;
}

/** Returns a port as systems choose them for connecting sockets. */
function ephemeralPort(id: number): number {
  return 49_152 + (id % 16_384);
}

import type dgram from 'node:dgram';
import net from 'node:net';
import os from 'node:os';
import type { UdpOptions } from '#shared/endpoint/endpoint-config.ts';
import type { CallFailure } from '../../failures.ts';
import { splitZone } from '../../ip-address.ts';
import { isCallFailure } from '../driver.ts';
import { isMulticast, multicastInterface } from './hosts.ts';

/** The result of setting the options of a socket. */
export interface Applied {
  /** The multicast group that it has joined, as text. */
  readonly joined: string | undefined;
  /** The settings for which the system provided less than requested. */
  readonly shortfalls: readonly { readonly limit: string; readonly text: string }[];
}

/** One option: its Berkeley name with the value, and how it is set. */
interface Step {
  readonly option: string;
  readonly wanted: boolean;
  set(): void;
}

/** The default (RFC 1112, section 6.1; RFC 3493, section 5.2). */
const usualMulticastTtl = 1;

/**
 * Sets the options on a bound socket. The first one that the system rejects is a failure of `bind`, whose text names the
 * option.
 */
export function applyOptions(socket: dgram.Socket, family: 4 | 6, udp: UdpOptions): Applied | CallFailure {
  const multicast = multicastOf(udp, family);
  if (isCallFailure(multicast)) return multicast;
  const { group, source, via } = multicast;
  const ip = family === 6 ? 'IPV6' : 'IP';
  const joined = joinedText(udp, group, source);
  const steps: readonly Step[] = [
    {
      option: `SO_RCVBUF of ${udp.receiveBuffer} bytes`,
      wanted: udp.receiveBuffer > 0,
      set: () => socket.setRecvBufferSize(udp.receiveBuffer),
    },
    {
      option: `SO_SNDBUF of ${udp.sendBuffer} bytes`,
      wanted: udp.sendBuffer > 0,
      set: () => socket.setSendBufferSize(udp.sendBuffer),
    },
    { option: 'SO_BROADCAST', wanted: udp.broadcast, set: () => socket.setBroadcast(true) },
    {
      option: family === 6 ? `IPV6_UNICAST_HOPS of ${udp.ttl}` : `IP_TTL of ${udp.ttl}`,
      wanted: udp.ttl > 0,
      set: () => socket.setTTL(udp.ttl),
    },
    {
      option: `${ip}_MULTICAST_${family === 6 ? 'HOPS' : 'TTL'} of ${udp.multicastTtl}`,
      wanted: udp.multicastTtl !== usualMulticastTtl,
      set: () => socket.setMulticastTTL(udp.multicastTtl),
    },
    {
      option: `${ip}_MULTICAST_LOOP`,
      wanted: !udp.multicastLoopback,
      set: () => socket.setMulticastLoopback(false),
    },
    {
      option: `${ip}_MULTICAST_IF for the interface ${udp.multicastInterface}`,
      wanted: via !== undefined,
      set: () => socket.setMulticastInterface(via ?? ''),
    },
    {
      option: `joining ${joined}`,
      wanted: group !== '',
      set: () =>
        source === '' ? socket.addMembership(group, via) : socket.addSourceSpecificMembership(source, group, via),
    },
  ];
  for (const step of steps) {
    if (!step.wanted) continue;
    try {
      step.set();
    } catch (error) {
      return rejection(error, step.option);
    }
  }
  return { joined: group === '' ? undefined : joined, shortfalls: shortfallsOf(socket, udp) };
}

/** The group, the source (empty: any) and the interface in Node's format (`undefined`: the system selects it). */
interface Multicast {
  readonly group: string;
  readonly source: string;
  readonly via: string | undefined;
}

function multicastOf(udp: UdpOptions, family: 4 | 6): Multicast | CallFailure {
  const { address: group, zone } = splitZone(udp.group);
  const { source } = udp;
  if (group !== '' && !isMulticast(group)) {
    return invalid(`${group} is not a multicast address (224.0.0.0 to 239.255.255.255, or ff00::/8)`);
  }
  if (group !== '' && net.isIP(group) !== family) {
    return invalid(`the group ${group} is IPv${net.isIP(group)}, but the socket is bound to an IPv${family} address`);
  }
  if (source !== '' && group === '') return invalid(`the source ${source} requires a multicast group`);
  if (source !== '' && net.isIP(source) !== family) {
    return invalid(`the source ${source} is not an IPv${family} address like the group`);
  }
  const wanted = udp.multicastInterface === '' && zone !== '' ? `::%${zone}` : udp.multicastInterface;
  if (wanted === '') return { group, source, via: undefined };
  const via = multicastInterface(wanted, family, os.networkInterfaces(), process.platform);
  return typeof via === 'string' ? { group, source, via } : via;
}

function joinedText(udp: UdpOptions, group: string, source: string): string {
  const from = source === '' ? '' : ` from ${source}`;
  const on = udp.multicastInterface === '' ? '' : ` on ${udp.multicastInterface}`;
  return `${on === '' ? udp.group : group}${from}${on}`;
}

/** Returns the buffers that are smaller than requested: Linux silently limits them to net.core.rmem_max and wmem_max (socket(7)). */
function shortfallsOf(socket: dgram.Socket, udp: UdpOptions): Applied['shortfalls'] {
  // Linux doubles the requested size for bookkeeping, and returns the doubled value.
  const factor = process.platform === 'linux' ? 2 : 1;
  const buffers = [
    { limit: 'receiveBuffer', name: 'SO_RCVBUF', asked: udp.receiveBuffer, got: socket.getRecvBufferSize() },
    { limit: 'sendBuffer', name: 'SO_SNDBUF', asked: udp.sendBuffer, got: socket.getSendBufferSize() },
  ];
  return buffers
    .filter(({ asked, got }) => asked > 0 && got / factor < asked)
    .map(({ limit, name, asked, got }) => ({
      limit,
      text: `${name} is ${got / factor} bytes instead of the requested ${asked}: that is the maximum of this system (on Linux net.core.${limit === 'receiveBuffer' ? 'rmem_max' : 'wmem_max'})`,
    }));
}

function rejection(error: unknown, option: string): CallFailure {
  return { call: 'bind', errno: errnoOf(error), text: `the system rejects ${option}` };
}

/** Returns the errno of an error; that of a buffer size is in the error's `info`. */
function errnoOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if ('info' in error && typeof error.info === 'object' && error.info && 'code' in error.info) {
    return String(error.info.code);
  }
  return 'code' in error ? String(error.code) : 'UNKNOWN';
}

function invalid(text: string): CallFailure {
  return { call: 'bind', errno: 'EINVAL', text };
}

import dgram from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { getDefaultHighWaterMark } from 'node:stream';
import tls from 'node:tls';
import type { SystemOption } from '#shared/contract/models.ts';
import { type OptionList, optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { notReported, type SystemFacts } from '#shared/endpoint/options/option.ts';
import { tlsVersions } from '#shared/endpoint/options/tls-protocols.ts';
import type { Transport } from '#shared/socket/transports.ts';
import { defaultAuthorities } from './drivers/tls/tls-trust.ts';

const overTcp: readonly Transport[] = ['tcp', 'tls', 'ws', 'wss'];
const overIp: readonly Transport[] = [...overTcp, 'udp'];
const notConfigurable = 'Not configurable';
const noCall = 'Node has no call for it';

/**
 * Returns the options of sockets on this system: what applies where nothing is set, and what cannot be set at all. Those
 * that an endpoint has are named by their path in its configuration. Only reads; what the system does not report is said so.
 */
export async function systemOptions(): Promise<SystemOption[]> {
  return describeOptions(await readSystemFacts());
}

/** Reads what the system reports: on Linux from /proc/sys (proc(5), tcp(7), ip(7)). Never fails. */
export async function readSystemFacts(): Promise<SystemFacts> {
  const [backlog, time, interval, probes, v6only, rmem, wmem, rmax, wmax, ttl, retries, linear, ports] =
    await Promise.all(
      [
        'core/somaxconn',
        'ipv4/tcp_keepalive_time',
        'ipv4/tcp_keepalive_intvl',
        'ipv4/tcp_keepalive_probes',
        'ipv6/bindv6only',
        'ipv4/tcp_rmem',
        'ipv4/tcp_wmem',
        'core/rmem_max',
        'core/wmem_max',
        'ipv4/ip_default_ttl',
        'ipv4/tcp_syn_retries',
        'ipv4/tcp_syn_linear_timeouts',
        'ipv4/ip_local_port_range',
      ].map(netSetting),
    );
  const udp = await udpBuffers();
  const limits = await readProc('self/limits');
  return {
    platform: process.platform,
    maxBacklog: backlog?.[0],
    keepAliveTime: time?.[0],
    keepAliveInterval: interval?.[0],
    keepAliveProbes: probes?.[0],
    ipv6Only: v6only?.[0],
    tcpReceive: rmem,
    tcpSend: wmem,
    udpReceive: udp?.receive,
    udpSend: udp?.send,
    udpReceiveMost: rmax?.[0],
    udpSendMost: wmax?.[0],
    ttl: ttl?.[0],
    synRetries: retries?.[0],
    synLinear: linear?.[0],
    localPorts: ports,
    openFiles: numbers(/^Max open files\s+(\d+)/m.exec(limits ?? '')?.[1])?.[0],
    tlsVersions: tlsVersions.filter(offersTls),
    authorities: countAuthorities(),
    readAhead: getDefaultHighWaterMark(false),
    typeOfService: 'setTypeOfService' in net.Socket.prototype,
  };
}

/** Returns what the system says of each option of the catalogue, and of those that cannot be configured. */
export function describeOptions(facts: SystemFacts, catalogue: OptionList = optionCatalogue): SystemOption[] {
  const described = new Map<string, SystemOption>();
  for (const { path, onSystem } of catalogue) {
    const text = onSystem?.(facts);
    if (text) described.set(path, { name: path, value: text.value, unavailable: text.unavailable ?? '' });
  }
  return [...described.values(), ...fixedOptions(facts)];
}

function countAuthorities(): SystemFacts['authorities'] {
  const { system, node, all } = defaultAuthorities();
  return { system: system.length, node: node.length, all: all.length };
}

function offersTls(version: (typeof tlsVersions)[number]): boolean {
  try {
    tls.createSecureContext({ minVersion: version, maxVersion: version });
    return true;
  } catch {
    return false;
  }
}

async function udpBuffers(): Promise<{ receive: number; send: number } | undefined> {
  const socket = dgram.createSocket('udp4');
  try {
    // A socket has its buffers once it is bound; nothing is sent from it.
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return { receive: socket.getRecvBufferSize(), send: socket.getSendBufferSize() };
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}

async function netSetting(name: string): Promise<number[] | undefined> {
  return numbers(await readProc(`sys/net/${name}`));
}

function numbers(text: string | undefined): number[] | undefined {
  const found = text?.match(/\d+/g)?.map(Number);
  return found && found.length > 0 ? found : undefined;
}

async function readProc(name: string): Promise<string | undefined> {
  return process.platform === 'linux' ? readFile(`/proc/${name}`, 'utf8').catch(() => undefined) : undefined;
}

/** Returns the options of sockets that cannot be configured: what applies, why it cannot be changed, and for which transports. */
function fixedOptions(facts: SystemFacts): SystemOption[] {
  const { keepAliveInterval, keepAliveProbes, typeOfService, platform } = facts;
  const probes = 'if a delay is set, Node sends 10 probes, 1 s apart';
  return [
    fixed(
      'SO_REUSEADDR',
      platform === 'win32' ? 'off (TCP)' : 'on (TCP servers): a port with connections in TIME_WAIT can be bound',
      'Node sets it for TCP; configurable for UDP',
    ),
    fixed('exclusive', 'on', 'Only used in a cluster of Node processes', overIp),
    fixed(
      'TCP_KEEPINTVL',
      keepAliveInterval === undefined ? notReported : `${keepAliveInterval} s (tcp_keepalive_intvl); ${probes}`,
      notConfigurable,
    ),
    fixed(
      'TCP_KEEPCNT',
      keepAliveProbes === undefined ? notReported : `${keepAliveProbes} probes (tcp_keepalive_probes); ${probes}`,
      notConfigurable,
    ),
    fixed('SO_RCVBUF', buffers(facts.tcpReceive, 'tcp_rmem'), `${noCall} for TCP; configurable for UDP`),
    fixed('SO_SNDBUF', buffers(facts.tcpSend, 'tcp_wmem'), `${noCall} for TCP; configurable for UDP`),
    fixed(
      'SO_LINGER',
      'off; close() returns immediately, and the system sends the remaining data',
      `${noCall}; Reset closes with a linger time of 0 (RST)`,
    ),
    fixed('IP_TOS', '0', typeOfService ? notConfigurable : noCall, overIp),
    fixed('MSG_OOB', 'none', `${noCall}: urgent data can be neither sent nor received`),
    fixed('TCP_USER_TIMEOUT', 'off', noCall),
  ];
}

function fixed(name: string, value: string, unavailable: string, over: readonly Transport[] = overTcp): SystemOption {
  return { name, value, unavailable, over };
}

function buffers(sizes: readonly number[] | undefined, name: string): string {
  if (sizes === undefined) return notReported;
  const [least, usual, most] = sizes;
  return `${usual} bytes initially, ${least}–${most} adjusted by the system (${name})`;
}

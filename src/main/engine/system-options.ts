import dgram from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { getDefaultHighWaterMark } from 'node:stream';
import tls from 'node:tls';
import type { SystemOption } from '#shared/contract/models.ts';
import { defaultServer, tlsVersions } from '#shared/endpoint/endpoint-config.ts';
import type { Transport } from '#shared/socket/transports.ts';
import { defaultAuthorities } from './drivers/tls/authorities.ts';

/** What is read of the system. `undefined`: it does not tell. Sizes in bytes, times in seconds. */
export interface SystemFacts {
  readonly platform: NodeJS.Platform;
  readonly maxBacklog: number | undefined;
  readonly keepAliveTime: number | undefined;
  readonly keepAliveInterval: number | undefined;
  readonly keepAliveProbes: number | undefined;
  /** net.ipv6.bindv6only: 1 where `::` takes no IPv4 by itself. */
  readonly ipv6Only: number | undefined;
  /** The least, the usual and the greatest buffer of a TCP socket. */
  readonly tcpReceive: readonly number[] | undefined;
  readonly tcpSend: readonly number[] | undefined;
  /** The buffers of a fresh UDP socket, and the most that may be asked for. */
  readonly udpReceive: number | undefined;
  readonly udpSend: number | undefined;
  readonly udpReceiveMost: number | undefined;
  readonly udpSendMost: number | undefined;
  readonly ttl: number | undefined;
  /** How often connect() sends its SYN anew; the first `linear` times after a second each, then after 1, 2, 4, … s. */
  readonly synRetries: number | undefined;
  readonly synLinear: number | undefined;
  readonly localPorts: readonly number[] | undefined;
  readonly openFiles: number | undefined;
  readonly tlsVersions: readonly string[];
  /** The authorities that TLS trusts where no CA file is named: of the system, of Node, and both together. */
  readonly authorities: { readonly system: number; readonly node: number; readonly all: number };
  readonly readAhead: number;
  /** This Node can set IP_TOS. */
  readonly typeOfService: boolean;
}

/**
 * The options of sockets on this system: what holds where nothing is set, and what cannot be set at all. Those that an
 * endpoint has are named by their path in its configuration. Only reads; what the system does not tell is said so.
 */
export async function systemOptions(): Promise<SystemOption[]> {
  return describeOptions(await readSystemFacts());
}

/** Reads what the system tells: on Linux from /proc/sys (proc(5), tcp(7), ip(7)). Never fails. */
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

/** The table of options that these facts make. Pure. */
export function describeOptions(facts: SystemFacts): SystemOption[] {
  return [...bindOptions(facts), ...tcpOptions(facts), ...tlsOptions(facts), ...udpOptions(facts), ...limits(facts)];
}

const untold = 'not told by this system';

function option(name: string, value: string, unavailable = ''): SystemOption {
  return { name, value, unavailable };
}

/** An option that cannot be set: what holds, why it cannot be changed, and over which transports there is such a thing. */
function fixed(name: string, value: string, why: string, over?: readonly Transport[]): SystemOption {
  const one = option(name, value, why);
  return over ? { ...one, over } : one;
}

const overTcp: readonly Transport[] = ['tcp', 'tls', 'ws', 'wss'];
const overIp: readonly Transport[] = [...overTcp, 'udp'];

function bindOptions({ platform, maxBacklog, ipv6Only, localPorts }: SystemFacts): SystemOption[] {
  const windows = platform === 'win32';
  const noSharing = ['win32', 'darwin', 'openbsd', 'netbsd'].includes(platform);
  const most =
    maxBacklog === undefined
      ? `the system’s maximum is ${untold}`
      : `the system’s maximum is ${maxBacklog} (net.core.somaxconn)`;
  const sysctl =
    ipv6Only === undefined ? 'the system’s' : `the system’s, ${ipv6Only === 1 ? 'on' : 'off'} (net.ipv6.bindv6only)`;
  return [
    option('backlog', `${defaultServer.backlog}; ${most}`),
    option('bind.ipv6Only', `off for TCP, whatever the system has; for UDP ${sysctl}`),
    option('bind.reuseAddress', windows ? 'off for UDP' : 'off for UDP; for TCP see SO_REUSEADDR'),
    fixed(
      'SO_REUSEADDR',
      windows ? 'off for TCP' : 'on for TCP servers: a port whose connections are in TIME_WAIT can be bound at once',
      'Node decides it for TCP; of UDP it can be set',
      overTcp,
    ),
    option('bind.reusePort', 'off', noSharing ? `Node does not share ports on ${platformName(platform)}` : ''),
    fixed('exclusive', 'on', 'it matters in a cluster of Node processes only, which Wirebench is none of'),
    option('localHost', 'the address of the interface that leads to the peer'),
    option(
      'localPort',
      localPorts
        ? `${localPorts[0]} to ${localPorts[1]}, by the system’s choice (ip_local_port_range)`
        : 'any, by the system’s choice',
    ),
  ];
}

function tcpOptions(facts: SystemFacts): SystemOption[] {
  const { keepAliveTime, keepAliveInterval, keepAliveProbes, readAhead, typeOfService } = facts;
  const probes = 'with a delay of one’s own Node sends 10 probes, 1 s apart';
  const noNode = 'Node has no call for it';
  return [
    option('tcp.noDelay', 'on (TCP_NODELAY); the system’s own is off, which is Nagle’s algorithm'),
    option('tcp.keepAlive', 'off (SO_KEEPALIVE)'),
    option(
      'tcp.keepAliveDelayMs',
      keepAliveTime === undefined ? untold : `${keepAliveTime * 1_000} ms (tcp_keepalive_time)`,
    ),
    fixed(
      'TCP_KEEPINTVL',
      keepAliveInterval === undefined ? untold : `${keepAliveInterval} s (tcp_keepalive_intvl); ${probes}`,
      'not an option of Wirebench',
      overTcp,
    ),
    fixed(
      'TCP_KEEPCNT',
      keepAliveProbes === undefined ? untold : `${keepAliveProbes} probes (tcp_keepalive_probes); ${probes}`,
      'not an option of Wirebench',
      overTcp,
    ),
    option('tcp.highWaterMark', `${readAhead} bytes`),
    option('halfOpen', 'off: our side is closed when the peer has ended its own'),
    option('connectTimeoutMs', `10000 ms; the system’s own: ${connectTimeout(facts)}`),
    fixed('SO_RCVBUF', buffers(facts.tcpReceive, 'tcp_rmem'), `${noNode} of TCP; of UDP it can be set`, overTcp),
    fixed('SO_SNDBUF', buffers(facts.tcpSend, 'tcp_wmem'), `${noNode} of TCP; of UDP it can be set`, overTcp),
    fixed(
      'SO_LINGER',
      'off: close() returns at once, and the system sends what is left',
      `${noNode}; Reset closes with a linger of 0 (RST)`,
      overTcp,
    ),
    fixed('IP_TOS', '0', typeOfService ? 'not an option of Wirebench' : noNode, overIp),
    fixed('MSG_OOB', 'none', `${noNode}: urgent data can be neither sent nor read`, overTcp),
    fixed('TCP_USER_TIMEOUT', 'off', noNode, overTcp),
  ];
}

/** RFC 6298's second, doubled with each retry; Linux starts with some of a second each (tcp_syn_linear_timeouts). */
function connectTimeout({ synRetries, synLinear = 0 }: SystemFacts): string {
  if (synRetries === undefined) return untold;
  const seconds = synLinear + 2 ** (synRetries + 1) - 1;
  return `about ${seconds} s, ${synRetries + synLinear} further SYNs (tcp_syn_retries = ${synRetries})`;
}

function buffers(sizes: readonly number[] | undefined, name: string): string {
  if (sizes === undefined) return untold;
  const [least, usual, most] = sizes;
  return `${usual} bytes at first, ${least} to ${most} as the system sees fit (${name})`;
}

function tlsOptions({ tlsVersions: offered, authorities }: SystemFacts): SystemOption[] {
  const missing = tlsVersions.filter((version) => !offered.includes(version));
  const why = missing.length === 0 ? '' : `this Node does not offer ${missing.join(', ')}`;
  return [
    option('tls.minVersion', `${defaultServer.tls.minVersion}; there are ${offered.join(', ')}`, why),
    option('tls.maxVersion', `${defaultServer.tls.maxVersion}; there are ${offered.join(', ')}`, why),
    option('tls.ca', authoritiesText(authorities)),
  ];
}

function authoritiesText({ system, node, all }: SystemFacts['authorities']): string {
  const ofNode = `${node} of Node (with NODE_EXTRA_CA_CERTS)`;
  return system === 0 ? `${ofNode}; the system has none` : `${all} authorities: ${system} of the system, ${ofNode}`;
}

function countAuthorities(): SystemFacts['authorities'] {
  const { system, node, all } = defaultAuthorities();
  return { system: system.length, node: node.length, all: all.length };
}

function udpOptions({ platform, ttl, udpReceive, udpSend, udpReceiveMost, udpSendMost }: SystemFacts): SystemOption[] {
  const noSources = ['openbsd', 'netbsd'].includes(platform);
  return [
    option('udp.connected', 'on for clients: only the peer is heard, and its refusals are told'),
    option('udp.broadcast', 'off (SO_BROADCAST)'),
    option('udp.ttl', ttl === undefined ? untold : `${ttl} (ip_default_ttl)`),
    option('udp.group', 'none'),
    option('udp.source', 'any', noSources ? `${platformName(platform)} has no source-specific multicast` : ''),
    option('udp.multicastInterface', 'the one of the default route'),
    option('udp.multicastTtl', '1: no router passes it on (IP_MULTICAST_TTL)'),
    option('udp.multicastLoopback', 'on (IP_MULTICAST_LOOP)'),
    option('udp.receiveBuffer', buffer(udpReceive, udpReceiveMost, 'rmem_max')),
    option('udp.sendBuffer', buffer(udpSend, udpSendMost, 'wmem_max')),
  ];
}

/** Linux doubles what is asked for, for its own book-keeping (socket(7)). */
function buffer(usual: number | undefined, most: number | undefined, name: string): string {
  if (usual === undefined) return untold;
  const cap = most === undefined ? '' : `; at most ${most} can be asked for (${name}), and Linux doubles what is asked`;
  return `${usual} bytes${cap}`;
}

function limits({ openFiles }: SystemFacts): SystemOption[] {
  return [
    option(
      'limits.maxConnections',
      openFiles === undefined
        ? untold
        : `the system’s own: ${openFiles} open files and sockets of this program (RLIMIT_NOFILE)`,
    ),
    option(
      'limits.idleMs',
      'none: the system keeps a silent connection for ever, unless keep-alive finds its peer gone',
    ),
  ];
}

function platformName(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'Windows';
  return platform === 'darwin' ? 'macOS' : platform;
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

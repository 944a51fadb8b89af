import dgram from 'node:dgram';
import dns from 'node:dns/promises';
import net from 'node:net';
import type { ClientConfig, UdpBindOptions, UdpOptions } from '#shared/endpoint/endpoint-config.ts';
import { maxConnections } from '#shared/endpoint/options/limits.ts';
import { type Address, formatHostPort } from '#shared/socket/address.ts';
import type { CallFailure } from '../../failures.ts';
import { splitZone } from '../../ip-address.ts';
import { type Driver, isCallFailure } from '../driver.ts';
import { addressOf, systemHost } from './hosts.ts';
import { type Applied, applyOptions } from './udp-options.ts';
import { UdpPort } from './udp-port.ts';

/** UDP over Node's `dgram` (RFC 768; POSIX sockets of type SOCK_DGRAM). Each remote address of a socket is a UDP peer. */
export const udpDriver: Driver<'udp'> = {
  async listen(config, handlers) {
    const { udp, bind, limits } = config;
    const host = await addressToBind(config.host, udp.group);
    if (typeof host !== 'string') return host;
    const family = net.isIPv6(host) ? 6 : 4;
    const opened = await openUdp({ family, host, port: config.port, bind, udp });
    if (isCallFailure(opened)) return opened;
    const { socket, local, joined, shortfalls } = opened;
    const port = new UdpPort({
      socket,
      local,
      connected: false,
      maxPeers: limits.maxConnections,
      accepted: (udpPeer) => handlers.accepted(udpPeer),
      server: {
        limited: (limit, text) => handlers.noted({ kind: 'limited', limit, text }),
        failed: (failure) => handlers.lost(failure),
      },
    });
    for (const { limit, text } of shortfalls) port.report(limit, text);
    return {
      local,
      event: { kind: 'bound', local, joined },
      stop: () => port.stop(),
      udpPeer: (peer) => port.udpPeer(peer),
    };
  },

  async connect(config, { address, signal, accepted }) {
    if (signal.aborted) return aborted;
    const { udp, bind } = config;
    const { family } = address;
    if (family === 'local') return { call: 'socket', errno: 'EAFNOSUPPORT' };
    const host = hostToBind(config, address);
    if (typeof host !== 'string') return host;
    const opened = await openUdp({
      family,
      host,
      port: config.localPort,
      bind,
      udp,
      connectTo: udp.connected ? address : undefined,
    });
    if (isCallFailure(opened)) return opened;
    const { socket, local, peer, shortfalls } = opened;
    if (signal.aborted) {
      socket.close();
      return aborted;
    }
    const main: Address = peer ?? { ...address, host: systemHost(address.host, family) ?? address.host };
    const port = new UdpPort({
      socket,
      local,
      main,
      connected: udp.connected,
      maxPeers: maxConnections.default,
      accepted,
    });
    for (const { limit, text } of shortfalls) port.report(limit, text);
    return port.udpPeer(main);
  },
};

const aborted: CallFailure = { call: 'connect', errno: 'ECANCELED' };

/** Resolves a server's host; of a name with several addresses, returns one of the group's address family where there is one. */
async function addressToBind(host: string, group: string): Promise<string | CallFailure> {
  if (net.isIP(host) !== 0) return host;
  try {
    const found = await dns.lookup(host, { all: true });
    const family = net.isIP(splitZone(group).address);
    const chosen = found.find((one) => one.family === family) ?? found[0];
    return chosen?.address ?? { call: 'getaddrinfo', errno: 'ENOTFOUND' };
  } catch (error) {
    return { call: 'getaddrinfo', errno: (error as NodeJS.ErrnoException).code ?? 'ENOTFOUND' };
  }
}

/** Returns the local address of a client. It must be an address, and of the peer's address family. */
function hostToBind({ localHost }: ClientConfig, { host, family }: Address): string | CallFailure {
  if (localHost === '') return family === 6 ? '::' : '0.0.0.0';
  const own = net.isIP(localHost);
  if (own === family) return localHost;
  const text =
    own === 0
      ? `${localHost} is a name: enter an address of this machine`
      : `the local address ${localHost} is IPv${own}, the peer ${host} is IPv${family}`;
  return { call: 'bind', errno: own === 0 ? 'EADDRNOTAVAIL' : 'EINVAL', text };
}

interface UdpOpening {
  readonly family: 4 | 6;
  /** The address and the port to bind; 0: the system selects the port. */
  readonly host: string;
  readonly port: number;
  readonly bind: UdpBindOptions;
  readonly udp: UdpOptions;
  /** The peer to connect() to. */
  readonly connectTo?: { readonly host: string; readonly port: number } | undefined;
}

interface OpenedUdp extends Applied {
  readonly socket: dgram.Socket;
  readonly local: Address;
  /** Of a connected socket: the peer in the system's format. */
  readonly peer: Address | undefined;
}

/**
 * Creates a UDP socket, binds it, sets its options, and connects it where `connectTo` is set. A failure names the call and
 * the option, and the socket is closed. Add listeners before the event loop continues: nothing is read before that.
 */
async function openUdp(opening: UdpOpening): Promise<OpenedUdp | CallFailure> {
  const { family, bind, udp, connectTo } = opening;
  const socket = dgram.createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    reuseAddr: bind.reuseAddress,
    reusePort: bind.reusePort,
    ipv6Only: 'ipv6Only' in bind && bind.ipv6Only && family === 6,
  });
  // A late error of an abandoned socket must not end the program.
  socket.on('error', () => {});
  const opened = await open();
  if (isCallFailure(opened)) socket.close();
  return opened;

  async function open(): Promise<OpenedUdp | CallFailure> {
    const bound = await until(socket, 'listening', () =>
      socket.bind({ address: opening.host, port: opening.port, exclusive: true }),
    );
    if (bound) return bindFailure(bound, opening);
    const applied = applyOptions(socket, family, udp);
    if (isCallFailure(applied)) return applied;
    if (connectTo) {
      const refused = await until(socket, 'connect', () => socket.connect(connectTo.port, connectTo.host));
      if (refused) return connectFailure(refused, connectTo.host, udp);
    }
    const peer = connectTo && addressOf(socket.remoteAddress());
    return { ...applied, socket, local: addressOf(socket.address()), peer };
  }
}

/** Calls `start` and waits for its event; returns the error that was emitted instead, if any. */
function until(
  socket: dgram.Socket,
  event: 'listening' | 'connect',
  start: () => void,
): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const settle = (error?: NodeJS.ErrnoException) => {
      socket.off('error', settle);
      socket.off(event, done);
      resolve(error);
    };
    const done = () => settle();
    socket.once('error', settle);
    socket.once(event, done);
    start();
  });
}

/** The errors of socket(), which Node calls inside its `bind` (POSIX socket()). */
const ofSocket: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EAFNOSUPPORT', 'EPROTONOSUPPORT', 'ENOMEM']);

function bindFailure(error: NodeJS.ErrnoException, { host, port, bind }: UdpOpening): CallFailure {
  const errno = error.code ?? 'UNKNOWN';
  if (error.syscall === 'getaddrinfo') return { call: 'getaddrinfo', errno };
  if (ofSocket.has(errno)) return { call: 'socket', errno };
  if (bind.reusePort && (errno === 'ENOTSUP' || errno === 'EOPNOTSUPP')) {
    return { call: 'bind', errno, text: 'SO_REUSEPORT does not distribute datagrams on this system: turn it off' };
  }
  if (errno === 'EADDRINUSE') {
    const at = formatHostPort(host, port);
    return {
      call: 'bind',
      errno,
      text: `another UDP socket is bound to ${at}; sharing it requires SO_REUSEADDR on both`,
    };
  }
  return { call: 'bind', errno };
}

function connectFailure(error: NodeJS.ErrnoException, host: string, udp: UdpOptions): CallFailure {
  const errno = error.code ?? 'UNKNOWN';
  if (errno === 'EACCES' && !udp.broadcast) {
    return { call: 'connect', errno, text: `if ${host} is a broadcast address, turn on broadcast (SO_BROADCAST)` };
  }
  return { call: 'connect', errno };
}

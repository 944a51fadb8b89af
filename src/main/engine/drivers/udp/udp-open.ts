import dgram from 'node:dgram';
import type { UdpBindOptions, UdpOptions } from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import { formatHostPort } from '#shared/socket/address.ts';
import type { CallFailure } from '../call-failure.ts';
import { isCallFailure } from '../driver.ts';
import { addressOf } from './host.ts';
import { type Applied, applyOptions } from './udp-options.ts';

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
export async function openUdp(opening: UdpOpening): Promise<OpenedUdp | CallFailure> {
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

import net from 'node:net';
import type { Address, SocketCall } from '#shared/socket/event.ts';
import type { CallFailure, ConnectOptions, Driver, Listening, StreamHandlers, StreamSocket } from './driver.ts';

/** TCP over Node's `net` (RFC 9293; POSIX sockets of type SOCK_STREAM). */
export const tcpDriver: Driver = {
  listen(options, handlers) {
    return new Promise<Listening | CallFailure>((resolve) => {
      const server = net.createServer({ allowHalfOpen: true, noDelay: true });
      server.maxConnections = options.maxConnections;
      const refuse = (error: NodeJS.ErrnoException) => resolve(callFailure(error, 'bind'));
      server.once('error', refuse);
      server.on('connection', (socket) => handlers.accepted(tcpStream(socket)));
      server.on('drop', (data) => handlers.dropped(`${data?.remoteAddress ?? 'unknown'}:${data?.remotePort ?? 0}`));
      server.listen({ host: options.host, port: options.port, backlog: options.backlog, exclusive: true }, () => {
        server.off('error', refuse);
        server.on('error', (error) => handlers.failed(callFailure(error, 'accept')));
        resolve({
          local: addressOf(server.address() as net.AddressInfo),
          stop: () => new Promise((stopped) => server.close(() => stopped())),
        });
      });
    });
  },

  connect({ address, localHost, localPort, timeoutMs, signal }: ConnectOptions) {
    return new Promise<StreamSocket | CallFailure>((resolve) => {
      const socket = new net.Socket({ allowHalfOpen: true });
      const settle = (result: StreamSocket | CallFailure) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        socket.removeAllListeners();
        if (!('peer' in result)) {
          // A late error of a socket that is given up must not end the program.
          socket.on('error', () => {});
          socket.destroy();
        }
        resolve(result);
      };
      const abort = () => settle({ call: 'connect', errno: 'ECANCELED' });
      const timer = setTimeout(() => settle({ call: 'connect', errno: 'ETIMEDOUT' }), timeoutMs);
      if (signal.aborted) {
        abort();
        return;
      }
      if (localHost !== '' && !net.isIP(localHost)) {
        // Only an address can be bound; Node throws where it is given anything else.
        settle({ call: 'bind', errno: 'EADDRNOTAVAIL' });
        return;
      }
      signal.addEventListener('abort', abort);
      socket.once('error', (error: NodeJS.ErrnoException) => settle(callFailure(error, 'connect')));
      socket.once('connect', () => settle(tcpStream(socket.setNoDelay(true))));
      socket.connect({
        host: address.host,
        port: address.port,
        family: address.family,
        ...(localHost === '' ? {} : { localAddress: localHost }),
        ...(localPort === 0 ? {} : { localPort }),
      });
    });
  },
};

function tcpStream(socket: net.Socket): StreamSocket {
  // Node forgets the addresses once the socket is closed.
  const local = endOf(socket.localAddress, socket.localPort);
  const peer = endOf(socket.remoteAddress, socket.remotePort);
  return {
    local,
    peer,
    attach(handlers: StreamHandlers) {
      socket.on('data', (chunk: Buffer) => handlers.data(chunk));
      socket.on('end', () => handlers.ended());
      socket.on('error', (error: NodeJS.ErrnoException) => handlers.failed(callFailure(error, 'recv')));
      socket.on('close', () => handlers.closed());
    },
    write: (bytes, done) => socket.write(bytes, (error) => done(!error)),
    endWriting: () => socket.end(),
    close: () => socket.destroySoon(),
    reset() {
      // libuv refuses to reset while a FIN is on its way (uv_tcp_close_reset), and the socket would never close.
      if (socket.writableEnded && !socket.writableFinished) socket.once('finish', () => socket.resetAndDestroy());
      else if (!socket.destroyed) socket.resetAndDestroy();
    },
    destroy: () => socket.destroy(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}

function endOf(host: string | undefined, port: number | undefined): Address {
  const known = host ?? '';
  return { host: known, port: port ?? 0, family: net.isIPv6(known) ? 6 : 4 };
}

function addressOf(info: net.AddressInfo): Address {
  return endOf(info.address, info.port);
}

const callsOfSyscalls: Readonly<Record<string, SocketCall>> = {
  getaddrinfo: 'getaddrinfo',
  bind: 'bind',
  connect: 'connect',
  accept: 'accept',
  read: 'recv',
  write: 'send',
  writev: 'send',
  shutdown: 'shutdown',
};

/**
 * Node binds inside its `listen`, so it reports every failure of either as `listen`; an address that cannot be had is
 * `bind`'s answer.
 */
function callFailure(error: NodeJS.ErrnoException, otherwise: SocketCall): CallFailure {
  const call = (error.syscall && callsOfSyscalls[error.syscall]) || otherwise;
  return { call, errno: error.code ?? 'UNKNOWN' };
}

import type net from 'node:net';
import type { Address } from '#shared/socket/address.ts';
import { type CallFailure, callFailure } from '../failures.ts';
import { closeInOrder, readInto, resumeReading, stopReading } from './direct-reads.ts';
import type { StreamHandlers, StreamSocket } from './driver.ts';

/** Returns the addresses of a connection while it is open: Node drops them afterwards. */
export function endsOf(socket: net.Socket): { readonly local: Address; readonly peer: Address } {
  return {
    local: endOf(socket.localAddress, socket.localPort),
    peer: endOf(socket.remoteAddress, socket.remotePort),
  };
}

/**
 * Returns the stream of a connection: `socket` reads and writes, `carrier` is the connection below it (the same, without
 * TLS), `failureOf` converts errors while it is open. Events before `attach` are delivered by it.
 */
export function streamOf(
  socket: net.Socket,
  ends: { readonly local: Address; readonly peer: Address },
  carrier: net.Socket = socket,
  failureOf: (error: NodeJS.ErrnoException) => CallFailure = (error) => callFailure(error, 'recv'),
): StreamSocket {
  let handlers: StreamHandlers | undefined;
  let failure = socket.errored ? failureOf(socket.errored) : undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (failure) return;
    failure = failureOf(error);
    handlers?.failed(failure);
    // TLS does not end a connection after an error.
    socket.destroy();
  });
  socket.on('close', () => handlers?.closed());
  return {
    ...ends,
    attach(owner: StreamHandlers) {
      if (socket.destroyed) {
        // Not inside `attach`: its caller may have more to do before the stream ends.
        setImmediate(() => {
          if (failure) owner.failed(failure);
          if (socket.closed) owner.closed();
          else socket.on('close', () => owner.closed());
        });
        return;
      }
      handlers = owner;
      socket.on('end', () => owner.ended());
      readInto(socket, (chunk) => owner.data(chunk));
    },
    write: (bytes, done) => socket.write(bytes, (error) => done(!error)),
    endWriting: () => socket.end(),
    close: () => closeInOrder(socket),
    reset() {
      // libuv refuses to reset while a FIN is on its way (uv_tcp_close_reset), and the socket would never close.
      if (socket.writableEnded && !socket.writableFinished) socket.once('finish', () => carrier.resetAndDestroy());
      else if (!socket.destroyed) carrier.resetAndDestroy();
    },
    destroy: () => socket.destroy(),
    pause: () => stopReading(socket),
    resume: () => resumeReading(socket),
  };
}

export function pathAddress(path: string): Address {
  return { host: path, port: 0, family: 'local' };
}

/** Returns the address of one side of a connection as the system reports it. */
export function endOf(host: string | undefined, port: number | undefined): Address {
  const known = host ?? '';
  // The system's text needs no check by `net.isIPv6`, whose pattern takes milliseconds to compile.
  return { host: known, port: port ?? 0, family: known.includes(':') ? 6 : 4 };
}

import type net from 'node:net';
import type { CallFailure } from '../../failures.ts';
import {
  type Driver,
  type HandshakeOptions,
  isCallFailure,
  type StreamHandlers,
  type StreamSocket,
} from '../driver.ts';
import { connectCarrier, listenCarrier } from '../net-carrier.ts';
import { endsOf, streamOf } from '../net-stream.ts';
import type { CertificateStore } from './certificates.ts';
import { prepareClient, prepareServer } from './tls-context.ts';
import { tlsFailure } from './tls-handshake.ts';
import { type Secured, secureClient, secureServer } from './tls-layer.ts';

/** The time that a closing client continues to read. */
const lingerMs = 1_000;

/** Returns the driver of TLS over TCP (RFC 8446, RFC 5246). `certificates` is for servers without a configured certificate. */
export function createTlsDriver(certificates: CertificateStore): Driver<'tls'> {
  return {
    async listen(config, handlers) {
      const unprepared = await prepareServer(config, certificates);
      if (unprepared) return unprepared;
      const { host, port, bind, backlog, tcp } = config;
      const { maxConnections } = config.limits;
      const listening = await listenCarrier(
        { target: { host, port, bind }, backlog, maxConnections, tcp },
        {
          ...handlers,
          accepted: (carrier) =>
            handlers.accepted(
              tlsStream(carrier, 'server', (options) => secureServer(carrier, config, certificates, options)),
            ),
        },
      );
      if (isCallFailure(listening)) return listening;
      return { ...listening, event: { kind: 'listening', local: listening.local, backlog } };
    },

    prepare: prepareClient,

    async connect(config, { address, signal }) {
      const { localHost, localPort, connectTimeoutMs: timeoutMs, tcp } = config;
      const carrier = await connectCarrier({ address, localHost, localPort, timeoutMs, signal, tcp });
      if (isCallFailure(carrier)) return carrier;
      return tlsStream(carrier, 'client', (options) => secureClient(carrier, config, options));
    },
  };
}

/**
 * Closes a client's connection after the server has ended its side too, or after `lingerMs`. A TLS 1.3 server may send session
 * tickets at any time after the handshake: closing with such bytes unread would reset the connection, and the server would
 * lose the last sent bytes (RFC 2525, section 2.17).
 */
function closeAfterReading(socket: net.Socket): void {
  if (socket.destroyed) return;
  const linger = () => {
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => clearTimeout(timer));
  };
  if (socket.writableFinished) linger();
  else socket.once('finish', linger).end();
}

/** Returns the stream of a connection before its handshake. Until then, commands apply to the carrier. */
function tlsStream(
  carrier: net.Socket,
  role: 'client' | 'server',
  secure: (options: HandshakeOptions) => Promise<Secured | CallFailure>,
): StreamSocket {
  const ends = endsOf(carrier);
  let stream = streamOf(carrier, ends);
  return {
    ...ends,
    handshake: 'TLS',
    async shakeHands(options) {
      const secured = await secure(options);
      if (isCallFailure(secured)) return secured;
      stream = streamOf(secured.socket, ends, carrier, (error) => tlsFailure(error, 'recv'));
      if (role === 'client' && secured.event.protocol === 'TLSv1.3') {
        stream = { ...stream, close: () => closeAfterReading(secured.socket) };
      }
      return [secured.event];
    },
    attach: (handlers: StreamHandlers) => stream.attach(handlers),
    write: (bytes, done) => stream.write(bytes, done),
    endWriting: () => stream.endWriting(),
    close: () => stream.close(),
    reset: () => stream.reset(),
    destroy: () => stream.destroy(),
    pause: () => stream.pause(),
    resume: () => stream.resume(),
  };
}

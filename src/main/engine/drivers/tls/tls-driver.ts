import type net from 'node:net';
import type { CallFailure } from '../call-failure.ts';
import {
  type Driver,
  type HandshakeOptions,
  isCallFailure,
  type StreamHandlers,
  type StreamSocket,
} from '../driver.ts';
import { connectCarrier, endsOf, listenCarrier, streamOf } from '../net-carrier.ts';
import type { CertificateStore } from './certificates.ts';
import { prepareClient, prepareServer } from './tls-context.ts';
import { tlsFailure } from './tls-failure.ts';
import { type Secured, secureClient, secureServer } from './tls-layer.ts';

/** How long a client that closes goes on reading for what is on its way. */
const lingerMs = 1_000;

/** TLS over TCP (RFC 8446, RFC 5246). `certificates` has the one of servers that name none of their own. */
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
 * A server of TLS 1.3 sends session tickets whenever it likes after the handshake. To close a connection while such bytes
 * come is to reset it, and the server would lose what was sent last (RFC 2525, section 2.17). So it is closed when the
 * server has ended its side too, or soon.
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

/** A connection with its handshake still to come. What is done with it before that is done to the carrier. */
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

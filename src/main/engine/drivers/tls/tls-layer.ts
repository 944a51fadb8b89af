import net from 'node:net';
import tls from 'node:tls';
import type { ClientConfig, SecureTransport, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CallFailure } from '../call-failure.ts';
import { type HandshakeOptions, isCallFailure } from '../driver.ts';
import type { CertificateStore } from './certificates.ts';
import { clientContext, serverContext } from './tls-context.ts';
import { givenUp, shakeHands } from './tls-handshake.ts';
import { type Judged, judgeClient, judgeServer } from './tls-judge.ts';
import { wantedName } from './tls-trust.ts';

/*
 * TLS over an open connection (RFC 8446, RFC 5246). Node's check of certificates is off: the handshake succeeds with any
 * certificate, which is checked before any data is read, so that all its problems can be reported.
 */

type SecuredEvent = Extract<SocketEvent, { kind: 'secured' }>;

/** A TLS connection that is ready for data. It does not read yet. */
export interface Secured {
  readonly socket: tls.TLSSocket;
  readonly event: SecuredEvent;
}

/**
 * Makes a client's handshake over `carrier` and checks the server's certificate. After a failure (`handshake`) the carrier
 * is destroyed.
 */
export async function secureClient(
  carrier: net.Socket,
  config: ClientConfig<SecureTransport>,
  options: HandshakeOptions,
): Promise<Secured | CallFailure> {
  const startedAt = performance.now();
  carrier.on('error', ignore);
  const secureContext = await clientContext(config);
  if (isCallFailure(secureContext)) return givenUp(carrier, secureContext);
  const name = wantedName(config.tls.serverName, config.host);
  const socket = await shakeHands(carrier, options, startedAt, () => {
    const { alpn } = config.tls;
    const connecting = tls.connect({
      socket: carrier,
      secureContext,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      // An address is not sent (RFC 6066, section 3).
      servername: sniOf(name),
      ...(alpn.length === 0 ? {} : { ALPNProtocols: alpn }),
      ...readAhead(config),
    });
    return { socket: connecting, done: 'secureConnect' };
  });
  if (isCallFailure(socket)) return socket;
  const judged = judgeServer(socket, config, name);
  if (isCallFailure(judged)) return refused(carrier, judged);
  return securedOf(socket, { ...judged, serverName: sniOf(name), startedAt });
}

/**
 * Makes a server's handshake over `carrier`, and checks the client's certificate where one is requested. The files are those
 * of `prepareServer`. After a failure (`handshake`) the carrier is destroyed.
 */
export async function secureServer(
  carrier: net.Socket,
  config: ServerConfig<SecureTransport>,
  certificates: CertificateStore,
  options: HandshakeOptions,
): Promise<Secured | CallFailure> {
  const startedAt = performance.now();
  carrier.on('error', ignore);
  const secureContext = await serverContext(config, certificates);
  if (isCallFailure(secureContext)) return givenUp(carrier, { ...secureContext, call: 'handshake' });
  const { alpn, clientCertificate } = config.tls;
  const socket = await shakeHands(carrier, options, startedAt, () => {
    const accepting = new tls.TLSSocket(carrier, {
      isServer: true,
      secureContext,
      requestCert: clientCertificate !== 'none',
      // OpenSSL rejects a client without a certificate with an alert; a certificate is checked below.
      rejectUnauthorized: clientCertificate === 'require',
      // The server's order decides; without a common protocol the client receives an alert (RFC 7301, section 3.2).
      ...(alpn.length === 0 ? {} : { ALPNCallback: ({ protocols }) => alpn.find((own) => protocols.includes(own)) }),
      ...readAhead(config),
    });
    return { socket: accepting, done: 'secure' };
  });
  if (isCallFailure(socket)) return socket;
  const judged = judgeClient(socket, config);
  if (isCallFailure(judged)) return refused(carrier, judged);
  return securedOf(socket, { ...judged, serverName: socket.servername || '', startedAt });
}

function securedOf(
  socket: tls.TLSSocket,
  { startedAt, ...details }: Judged & { readonly serverName: string; readonly startedAt: number },
): Secured {
  const event: SecuredEvent = {
    kind: 'secured',
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    alpn: socket.alpnProtocol || '',
    ...details,
    elapsedMs: performance.now() - startedAt,
  };
  return { socket, event };
}

/** Resets a connection whose certificate is rejected, because Node cannot send an alert. */
function refused(carrier: net.Socket, failure: CallFailure): CallFailure {
  carrier.resetAndDestroy();
  return failure;
}

function ignore(): void {}

function sniOf(name: string): string {
  return net.isIP(name) === 0 ? name : '';
}

function readAhead({ tcp }: ClientConfig<SecureTransport> | ServerConfig<SecureTransport>): { highWaterMark?: number } {
  return tcp.highWaterMark === 0 ? {} : { highWaterMark: tcp.highWaterMark };
}

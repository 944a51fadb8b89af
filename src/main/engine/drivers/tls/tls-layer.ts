import net from 'node:net';
import tls from 'node:tls';
import type { ClientConfig, SecureTransport, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CertificateInfo } from '#shared/socket/terms.ts';
import type { CallFailure } from '../../failures.ts';
import { type HandshakeOptions, isCallFailure } from '../driver.ts';
import type { CertificateStore } from './certificates.ts';
import { clientContext, serverContext } from './tls-context.ts';
import { givenUp, shakeHands } from './tls-handshake.ts';
import { certificateInfo, doubtsOf, doubtWords, nameDoubt, peerChain, wantedName } from './tls-trust.ts';

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

/** An accepted certificate of a peer: the reason, and its chain. */
interface Judged {
  /** Why it is trusted, or that it is not. */
  readonly trust: string;
  readonly chain: readonly CertificateInfo[];
}

/** Checks the certificate of a server that the client knows as `name`; returns a failure where it is not trusted. */
function judgeServer(
  socket: tls.TLSSocket,
  { tls: options }: ClientConfig<SecureTransport>,
  name: string,
): Judged | CallFailure {
  const certificates = peerChain(socket);
  const chain = certificates.map(certificateInfo);
  const [[certificate], [leaf]] = [certificates, chain];
  if (!certificate || !leaf)
    return { call: 'handshake', errno: 'UNABLE_TO_GET_ISSUER_CERT', text: 'the server sent no certificate' };
  const caFile = options.ca !== '';
  const chainError = socket.authorized ? undefined : String(socket.authorizationError);
  const doubts = doubtsOf({ chain, chainError, nameError: nameDoubt(name, certificate), caFile });
  const [gravest] = doubts;
  if (!gravest) {
    const good = issuedBy(leaf, caFile);
    return { trust: options.verify ? `trusted: ${good}` : `not verified; it would be trusted: ${good}`, chain };
  }
  if (!options.verify) return { trust: `not verified; ${doubtWords(doubts)}`, chain };
  if (options.trusted.includes(leaf.fingerprint)) {
    return { trust: `trusted by its fingerprint, although ${doubtWords(doubts)}`, chain };
  }
  return { call: 'handshake', errno: gravest.errno, text: doubtWords(doubts), certificate: leaf };
}

/** Checks a client's certificate, if it sent one; returns a failure where one is required and not trusted. */
function judgeClient(socket: tls.TLSSocket, { tls: options }: ServerConfig<SecureTransport>): Judged | CallFailure {
  if (options.clientCertificate === 'none') return { trust: 'no client certificate was requested', chain: [] };
  const chain = peerChain(socket).map(certificateInfo);
  const [leaf] = chain;
  const required = options.clientCertificate === 'require';
  if (!leaf) {
    const text = 'the client sent no certificate';
    return required ? { call: 'handshake', errno: missing, text } : { trust: text, chain };
  }
  const caFile = options.ca !== '';
  const doubts = doubtsOf({ chain, chainError: verdictOf(socket), nameError: undefined, caFile });
  const [gravest] = doubts;
  if (!gravest) return { trust: `trusted: ${issuedBy(leaf, caFile)}`, chain };
  if (!required) return { trust: `not trusted, but accepted because none is required; ${doubtWords(doubts)}`, chain };
  return { call: 'handshake', errno: gravest.errno, text: doubtWords(doubts), certificate: leaf };
}

const missing = 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE';

function issuedBy({ issuer }: CertificateInfo, caFile: boolean): string {
  return `issued by ${issuer} (${caFile ? 'the CA file' : 'the system’s trust store'})`;
}

/**
 * Returns OpenSSL's error for a client's chain. Node passes it only to `tls.Server`, which does not emit it for a rejected
 * certificate, so it is read from Node's internal handle. Anything but a clear success counts as an error.
 */
function verdictOf(socket: tls.TLSSocket): string | undefined {
  const layer: unknown = Reflect.get(socket, 'ssl');
  if (typeof layer !== 'object' || layer === null) return unknown;
  const verifyError: unknown = Reflect.get(layer, 'verifyError');
  if (typeof verifyError !== 'function') return unknown;
  const verdict: unknown = verifyError.call(layer);
  if (verdict === undefined || verdict === null) return undefined;
  return verdict instanceof Error && 'code' in verdict ? String(verdict.code) : unknown;
}

const unknown = 'ERR_TLS_NOT_VERIFIED';

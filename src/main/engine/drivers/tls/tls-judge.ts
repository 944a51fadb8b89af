import type tls from 'node:tls';
import type { ClientConfig, SecureTransport, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { CertificateInfo } from '#shared/socket/terms.ts';
import type { CallFailure } from '../call-failure.ts';
import { certificateInfo, peerChain } from './tls-chain.ts';
import { doubtsOf, doubtWords, nameDoubt } from './tls-trust.ts';

/** An accepted certificate of a peer: the reason, and its chain. */
export interface Judged {
  /** Why it is trusted, or that it is not. */
  readonly trust: string;
  readonly chain: readonly CertificateInfo[];
}

/** Checks the certificate of a server that the client knows as `name`; returns a failure where it is not trusted. */
export function judgeServer(
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
export function judgeClient(
  socket: tls.TLSSocket,
  { tls: options }: ServerConfig<SecureTransport>,
): Judged | CallFailure {
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

import type tls from 'node:tls';
import type { ClientConfig, SecureTransport, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { CertificateInfo } from '#shared/socket/certificate.ts';
import type { CallFailure } from '../call-failure.ts';
import { certificateInfo, peerChain } from './tls-chain.ts';
import { doubtsOf, doubtWords, nameDoubt } from './tls-trust.ts';

/** A peer's certificate that is accepted: why, and its chain. */
export interface Judged {
  /** Why it is believed, or that it is not. */
  readonly trust: string;
  readonly chain: readonly CertificateInfo[];
}

/** What a client makes of the certificate of a server that it knows as `name`; a failure where it is not believed. */
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
    return { trust: options.verify ? `trusted: ${good}` : `not checked; it would be trusted: ${good}`, chain };
  }
  if (!options.verify) return { trust: `not checked; ${doubtWords(doubts)}`, chain };
  if (options.trusted.includes(leaf.fingerprint)) {
    return { trust: `trusted by its fingerprint; otherwise ${doubtWords(doubts)}`, chain };
  }
  return { call: 'handshake', errno: gravest.errno, text: doubtWords(doubts), certificate: leaf };
}

/** What a server makes of a client's certificate, or of none; a failure where it is required and not believed. */
export function judgeClient(
  socket: tls.TLSSocket,
  { tls: options }: ServerConfig<SecureTransport>,
): Judged | CallFailure {
  if (options.clientCertificate === 'none') return { trust: 'no certificate was asked of the client', chain: [] };
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
  if (!required) return { trust: `not trusted, and let in as none is required; ${doubtWords(doubts)}`, chain };
  return { call: 'handshake', errno: gravest.errno, text: doubtWords(doubts), certificate: leaf };
}

const missing = 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE';

function issuedBy({ issuer }: CertificateInfo, caFile: boolean): string {
  return `issued by ${issuer} (${caFile ? 'the CA file' : 'system authorities'})`;
}

/**
 * OpenSSL's verdict on a client's chain. Node tells it only to its own `tls.Server`, which in turn tells nobody of a
 * certificate that it has refused; so it is asked for where Node asks. Whatever is not a clear “good” is a doubt.
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

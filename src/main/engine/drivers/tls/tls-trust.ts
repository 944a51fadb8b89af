import { X509Certificate } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { domainToASCII } from 'node:url';
import type { CertificateInfo } from '#shared/socket/terms.ts';
import { canonicalHost } from '../../ip-address.ts';

/** The CAs that are trusted where no CA file is set, as certificates in PEM. */
interface DefaultAuthorities {
  /** Those of the operating system's store. */
  readonly system: readonly string[];
  /** Those of Node, and of `NODE_EXTRA_CA_CERTS`. */
  readonly node: readonly string[];
  /** Both, without duplicates. */
  readonly all: string[];
}

/** Reads the CAs that are trusted where no CA file is set. Takes tens of milliseconds the first time. */
export function defaultAuthorities(): DefaultAuthorities {
  // The folder and the bundle of a Linux system have the same certificates.
  const system = [...new Set(tls.getCACertificates('system'))];
  const node = tls.getCACertificates('default');
  return { system, node, all: [...new Set([...system, ...node])] };
}

/** The maximum length of a chain, which is data from a peer. */
const maxChain = 20;
/** The maximum number of names of a certificate, and their length. */
const maxNames = 100;
const maxName = 1_000;

/**
 * Returns the peer's certificate and those of its issuers, as far as they are known from the peer or the trusted CAs. Empty
 * where it sent none.
 */
export function peerChain(socket: tls.TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  // Not `getPeerX509Certificate`: after its first call Node no longer has the peer's certificate.
  let next: Partial<tls.DetailedPeerCertificate> | null | undefined = socket.getPeerCertificate(true);
  while (next?.raw && next.fingerprint256 && chain.length < maxChain && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256);
    chain.push(new X509Certificate(next.raw));
    next = next.issuerCertificate;
  }
  return chain;
}

/** Returns the fields of a certificate that are shown (RFC 5280). */
export function certificateInfo(certificate: X509Certificate): CertificateInfo {
  return {
    subject: nameLine(certificate.subject),
    issuer: nameLine(certificate.issuer),
    names: namesOf(certificate),
    // An invalid date is shown as the epoch; OpenSSL reports the error.
    validFrom: certificate.validFromDate.getTime() || 0,
    validTo: certificate.validToDate.getTime() || 0,
    fingerprint: certificate.fingerprint256,
  };
}

/** Converts a distinguished name, of which Node returns each part on a line, to one line. */
function nameLine(name: string | undefined): string {
  return (name ?? '').split('\n').filter(Boolean).join(', ').slice(0, maxName);
}

/**
 * Returns the names and addresses of the subjectAltName. Node returns them as `DNS:a, IP Address:1.2.3.4`, and an ambiguous
 * value in JSON quotes.
 */
function namesOf({ subjectAltName: text = '' }: X509Certificate): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < text.length; ) {
    if (names.length === maxNames) return [...names, '…'];
    const colon = text.indexOf(':', at);
    if (colon === -1) break;
    const kind = text.slice(at, colon);
    const end = text[colon + 1] === '"' ? endOfQuoted(text, colon + 1) : text.indexOf(', ', colon);
    const value = text.slice(colon + 1, end === -1 ? undefined : end);
    const bare = value.startsWith('"') ? unquoted(value) : value;
    const name = kind === 'DNS' ? bare : kind === 'IP Address' ? canonicalHost(bare) : `${kind}:${bare}`;
    names.push(name.slice(0, maxName));
    if (end === -1) break;
    at = end + 2;
  }
  return names;
}

/** Returns the end of a quoted text that begins at `from`; -1 where it does not end. */
function endOfQuoted(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

function unquoted(value: string): string {
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

/** A problem of a peer's certificate: Node's code, and the reason with details. */
interface Doubt {
  readonly errno: string;
  readonly text: string;
}

interface TrustQuestion {
  /** The peer's certificate, then those of its issuers; not empty. */
  readonly chain: readonly CertificateInfo[];
  /** OpenSSL's error for the chain by Node's name; `undefined` where the chain is valid. */
  readonly chainError: string | undefined;
  /** The reason why the certificate is not for the requested name. */
  readonly nameError: Doubt | undefined;
  /** The CAs are from a file instead of the system. */
  readonly caFile: boolean;
}

/** Returns the name that a client requests: as typed, in the characters of DNS, without a zone. */
export function wantedName(serverName: string, host: string): string {
  const typed = (serverName === '' ? host : serverName).replace(/\.$/, '');
  if (net.isIP(typed) !== 0) return typed.replace(/%.*$/, '');
  return domainToASCII(typed) || typed;
}

/** Checks that a server's certificate is for this name or address (RFC 9525, by Node's implementation). */
export function nameDoubt(name: string, certificate: X509Certificate): Doubt | undefined {
  const error: NodeJS.ErrnoException | undefined = tls.checkServerIdentity(name, certificate.toLegacyObject());
  if (!error) return undefined;
  const { names, subject } = certificateInfo(certificate);
  const actual = names.length > 0 ? names.join(', ') : `its subject ${subject} only`;
  return {
    errno: error.code ?? 'ERR_TLS_CERT_ALTNAME_INVALID',
    text: `the certificate is for ${actual}, not for ${name}`,
  };
}

/** Returns all problems of a certificate, the most serious first. */
export function doubtsOf({ chain, chainError, nameError, caFile }: TrustQuestion, at = Date.now()): readonly Doubt[] {
  const doubts: Doubt[] = [];
  if (chainError) doubts.push({ errno: chainError, text: chainWords(chainError, chain, caFile, at) });
  if (nameError) doubts.push(nameError);
  // OpenSSL reports only the last problem, and a certificate may be both unknown and out of date.
  if (dateErrors.includes(chainError ?? '')) {
    const hidden = originDoubt(chain, caFile, at);
    if (hidden) doubts.push(hidden);
  } else {
    const stale = dateDoubt(chain, at);
    if (stale) doubts.push(stale);
  }
  return doubts;
}

/** Checks the origin of a chain without OpenSSL. */
function originDoubt(chain: readonly CertificateInfo[], caFile: boolean, at: number): Doubt | undefined {
  const { subject, issuer } = chain.at(-1) as CertificateInfo;
  if (subject === issuer) {
    // The root of a longer chain may be a trusted CA.
    const text = `it is self-signed (${issuer})`;
    return chain.length === 1 ? { errno: 'DEPTH_ZERO_SELF_SIGNED_CERT', text } : undefined;
  }
  const unknown = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
  return { errno: unknown, text: chainWords(unknown, chain, caFile, at) };
}

/** Returns the texts of `doubts` in one line. */
export function doubtWords(doubts: readonly Doubt[]): string {
  return doubts.map(({ text }) => text).join('; ');
}

const dateErrors: readonly string[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

/** The meaning of OpenSSL's errors (X509_STORE_CTX_get_error(3)) whose text has no details. */
const verdicts: Readonly<Record<string, string>> = {
  CERT_REVOKED: 'the certificate has been revoked',
  CERT_REJECTED: 'its root is rejected for this purpose',
  CERT_UNTRUSTED: 'its root is not trusted for this purpose',
  CERT_SIGNATURE_FAILURE: 'the signature of a certificate in the chain is invalid',
  CERT_CHAIN_TOO_LONG: 'the chain of certificates is too long',
  INVALID_CA: 'it was issued by a certificate that is not a CA certificate',
  INVALID_PURPOSE: 'the certificate is not for this side of a TLS connection (extended key usage)',
  PATH_LENGTH_EXCEEDED: 'a CA in the chain is not allowed to issue CA certificates',
  UNABLE_TO_GET_CRL: 'the list of revoked certificates is missing',
};

function chainWords(error: string, chain: readonly CertificateInfo[], caFile: boolean, at: number): string {
  const authorities = caFile ? 'the CA file' : 'the system’s trust store';
  const { issuer } = chain[0] as CertificateInfo;
  const last = chain.at(-1) as CertificateInfo;
  switch (error) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `the certificate is self-signed (${issuer}), not signed by any trusted CA`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return `the certificate was issued by ${issuer}, and its root ${last.subject} is not in ${authorities}`;
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `the certificate was issued by ${issuer}; ${missingWords(last, authorities)}`;
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return dateDoubt(chain, at)?.text ?? `a certificate in the chain is out of date (${error})`;
    default:
      return Object.hasOwn(verdicts, error) ? (verdicts[error] as string) : `the certificate is not valid (${error})`;
  }
}

function missingWords({ issuer }: CertificateInfo, authorities: string): string {
  return `the certificate of ${issuer} is not in ${authorities}, and the peer did not send it`;
}

function dateDoubt(chain: readonly CertificateInfo[], at: number): Doubt | undefined {
  for (const [depth, { subject, validFrom, validTo }] of chain.entries()) {
    const which = depth === 0 ? 'the certificate' : `the certificate of ${subject} in its chain`;
    if (validTo < at) return { errno: 'CERT_HAS_EXPIRED', text: `${which} expired on ${timeWords(validTo)}` };
    if (validFrom > at) {
      return { errno: 'CERT_NOT_YET_VALID', text: `${which} is not valid before ${timeWords(validFrom)}` };
    }
  }
  return undefined;
}

function timeWords(at: number): string {
  if (!Number.isFinite(at)) return 'an unknown date';
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

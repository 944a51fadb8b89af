import type { X509Certificate } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { domainToASCII } from 'node:url';
import type { CertificateInfo } from '#shared/socket/certificate.ts';
import { certificateInfo } from './tls-chain.ts';

/** Something that is wrong with a peer's certificate: Node's code for it, and the reason with its facts. */
interface Doubt {
  readonly errno: string;
  readonly text: string;
}

interface TrustQuestion {
  /** The peer's certificate, then what it was signed with; not empty. */
  readonly chain: readonly CertificateInfo[];
  /** OpenSSL's verdict on the chain, as Node names it; `undefined` where it has none against it. */
  readonly chainError: string | undefined;
  /** Why the certificate is not for the name that was wanted. */
  readonly nameError: Doubt | undefined;
  /** The authorities come from a file and not from the system. */
  readonly caFile: boolean;
}

/** The name a client asks for: as typed for what it connects to, in the letters of DNS, without IPv6's zone. */
export function wantedName(serverName: string, host: string): string {
  const typed = (serverName === '' ? host : serverName).replace(/\.$/, '');
  if (net.isIP(typed) !== 0) return typed.replace(/%.*$/, '');
  return domainToASCII(typed) || typed;
}

/** Whether a server's certificate is for this name or address (RFC 9525, as Node has it). */
export function nameDoubt(name: string, certificate: X509Certificate): Doubt | undefined {
  const error: NodeJS.ErrnoException | undefined = tls.checkServerIdentity(name, certificate.toLegacyObject());
  if (!error) return undefined;
  const { names, subject } = certificateInfo(certificate);
  const instead = names.length > 0 ? names.join(', ') : `no name or address but its subject ${subject}`;
  return {
    errno: error.code ?? 'ERR_TLS_CERT_ALTNAME_INVALID',
    text: `the certificate is not for ${name}, it is for ${instead}`,
  };
}

/** All that is wrong with a certificate, the gravest first. */
export function doubtsOf({ chain, chainError, nameError, caFile }: TrustQuestion, at = Date.now()): readonly Doubt[] {
  const doubts: Doubt[] = [];
  if (chainError) doubts.push({ errno: chainError, text: chainWords(chainError, chain, caFile, at) });
  if (nameError) doubts.push(nameError);
  // OpenSSL names one thing, the last it looked at, and a certificate may be both unknown and out of date.
  if (dateErrors.includes(chainError ?? '')) {
    const hidden = originDoubt(chain, caFile, at);
    if (hidden) doubts.push(hidden);
  } else {
    const stale = dateDoubt(chain, at);
    if (stale) doubts.push(stale);
  }
  return doubts;
}

/** What can be seen of where a chain comes from, without asking OpenSSL. */
function originDoubt(chain: readonly CertificateInfo[], caFile: boolean, at: number): Doubt | undefined {
  const { subject, issuer } = chain.at(-1) as CertificateInfo;
  if (subject === issuer) {
    // The root of a chain may well be one of the authorities.
    const text = `it is self-signed (${issuer})`;
    return chain.length === 1 ? { errno: 'DEPTH_ZERO_SELF_SIGNED_CERT', text } : undefined;
  }
  const unknown = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
  return { errno: unknown, text: chainWords(unknown, chain, caFile, at) };
}

/** `doubts` in one line. */
export function doubtWords(doubts: readonly Doubt[]): string {
  return doubts.map(({ text }) => text).join('; ');
}

const dateErrors: readonly string[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

/** What OpenSSL's verdicts mean (X509_STORE_CTX_get_error(3)), beside those that have facts to tell. */
const verdicts: Readonly<Record<string, string>> = {
  CERT_REVOKED: 'the certificate has been revoked',
  CERT_REJECTED: 'its root is marked as not for this purpose',
  CERT_UNTRUSTED: 'its root is not trusted for this purpose',
  CERT_SIGNATURE_FAILURE: 'the signature of a certificate in the chain is wrong',
  CERT_CHAIN_TOO_LONG: 'the chain of certificates is too long',
  INVALID_CA: 'it was issued by a certificate that is not an authority’s',
  INVALID_PURPOSE: 'the certificate is not meant for this side of a TLS connection (extended key usage)',
  PATH_LENGTH_EXCEEDED: 'an authority in the chain may not issue authorities',
  UNABLE_TO_GET_CRL: 'the list of revoked certificates is missing',
};

function chainWords(error: string, chain: readonly CertificateInfo[], caFile: boolean, at: number): string {
  const authorities = caFile ? 'the authorities of the CA file' : 'the system’s authorities';
  const { issuer } = chain[0] as CertificateInfo;
  const last = chain.at(-1) as CertificateInfo;
  switch (error) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `the certificate is self-signed (${issuer}): nobody among ${authorities} vouches for it`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return `the certificate was issued by ${issuer}, and its root ${last.subject} is not among ${authorities}`;
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `the certificate was issued by ${issuer}; ${missingWords(last, authorities)}`;
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return dateDoubt(chain, at)?.text ?? `a certificate in the chain is out of date (${error})`;
    default:
      return Object.hasOwn(verdicts, error) ? (verdicts[error] as string) : `the certificate does not check (${error})`;
  }
}

function missingWords({ issuer }: CertificateInfo, authorities: string): string {
  return `the certificate of ${issuer} is not among ${authorities}, and the peer did not send it`;
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

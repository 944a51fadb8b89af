import { X509Certificate } from 'node:crypto';
import type tls from 'node:tls';
import type { CertificateInfo } from '#shared/socket/terms.ts';
import { canonicalHost } from '../../ip-address.ts';

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

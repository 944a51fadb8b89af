import type { X509Certificate } from 'node:crypto';
import type { CertificateInfo } from '#shared/socket/event.ts';

/** Longer chains are cut: nobody has one, and it comes from a peer. */
const maxChain = 20;
/** … as are certificates for more names than these. */
const maxNames = 100;
const maxName = 1_000;

/** A certificate and those it was signed with, as far as they are known: from the peer, then from the authorities. */
export function chainOf(leaf: X509Certificate | undefined): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  for (let next = leaf; next && chain.length < maxChain && !seen.has(next.fingerprint256); ) {
    seen.add(next.fingerprint256);
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

/** A certificate as it is shown (RFC 5280). */
export function certificateInfo(certificate: X509Certificate): CertificateInfo {
  return {
    subject: nameLine(certificate.subject),
    issuer: nameLine(certificate.issuer),
    names: namesOf(certificate),
    validFrom: certificate.validFromDate.getTime(),
    validTo: certificate.validToDate.getTime(),
    fingerprint: certificate.fingerprint256,
  };
}

/** Node gives a distinguished name as a line for each of its parts. */
function nameLine(name: string | undefined): string {
  return (name ?? '').split('\n').filter(Boolean).join(', ').slice(0, maxName);
}

/**
 * The names and addresses of the subjectAltName. Node gives them as `DNS:a, IP Address:1.2.3.4`, a value that could be
 * mistaken for several in JSON's quotes.
 */
function namesOf({ subjectAltName }: X509Certificate): readonly string[] {
  const names: string[] = [];
  for (const [, kind, value = ''] of (subjectAltName ?? '').matchAll(/([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g)) {
    if (names.length === maxNames) {
      names.push('…');
      break;
    }
    const bare = value.startsWith('"') ? unquoted(value) : value;
    names.push((kind === 'DNS' || kind === 'IP Address' ? bare : `${kind}:${bare}`).slice(0, maxName));
  }
  return names;
}

function unquoted(value: string): string {
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

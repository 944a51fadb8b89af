import { optionOf } from '#shared/endpoint/endpoint-config.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import type { CertificateInfo } from '#shared/socket/terms.ts';
import { usesTls } from '#shared/socket/transports.ts';
import type { Case, Examination } from '../examination.ts';
import { listOf, quoted } from '../words.ts';

const day = 86_400_000;

/** The codes of OpenSSL and Node for a chain that does not end at a trusted CA. */
const unknownAuthority = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
];
const otherName = ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH', 'IP_ADDRESS_MISMATCH'];
const weak = ['CA_MD_TOO_WEAK', 'CA_KEY_TOO_SMALL', 'EE_KEY_TOO_SMALL'];

/** Explains why a server's certificate is not trusted (RFC 5280, RFC 9525). */
export const certificateCase: Case = {
  name: 'certificate',
  fits: ({ errno, failure, transport, trouble }) =>
    trouble.role === 'client' &&
    usesTls(transport) &&
    (failure.certificate !== undefined || (isCheck(errno) && lookUpErrno(errno).code === 'certificate')),
  async examine(examination) {
    const { certificate } = examination.failure;
    if (certificate) noteCertificate(examination, certificate);
    return { code: 'certificate', hint: explain(examination, certificate) };
  },
};

/** Returns true for a failed check of a certificate: not an alert from the other side, and not an unreadable file. */
function isCheck(errno: string): boolean {
  return !/^ERR_(SSL|OSSL)_/.test(errno);
}

function noteCertificate(examination: Examination, certificate: CertificateInfo): void {
  const { subject, issuer, names, validFrom, validTo } = certificate;
  examination.note(`The certificate is for ${quoted(subject)}, issued by ${quoted(issuer)}.`);
  if (names.length > 0) examination.note(`Its names: ${listOf(names.map((name) => quoted(name)))}.`);
  examination.note(
    `It is valid from ${dateOf(validFrom)} to ${dateOf(validTo)}; this machine’s clock says ${dateOf(examination.system.now())}.`,
  );
}

function explain(examination: Examination, certificate: CertificateInfo | undefined): string {
  const { errno, system } = examination;
  const now = system.now();
  if (errno === 'CERT_NOT_YET_VALID') {
    if (certificate === undefined) return 'The certificate is not valid yet: check the clock of this machine.';
    const early = certificate.validFrom - now;
    if (early < 2 * day)
      return `The certificate is not valid before ${dateOf(certificate.validFrom)}: this machine’s clock is probably slow, set it.`;
    return `The certificate is not valid before ${dateOf(certificate.validFrom)}, and this machine’s date is ${dateOf(now)}: set the clock, or wait.`;
  }
  if (errno === 'CERT_HAS_EXPIRED') {
    const when = certificate === undefined ? '' : ` on ${dateOf(certificate.validTo)}`;
    return `The certificate expired${when}: have it renewed, or trust its fingerprint if you know it.`;
  }
  if (otherName.includes(errno)) return explainName(examination, certificate);
  if (errno === 'DEPTH_ZERO_SELF_SIGNED_CERT') {
    return 'The certificate is self-signed. If you know it, trust its fingerprint, or add it as a CA file.';
  }
  if (unknownAuthority.includes(errno)) {
    const issuer = certificate === undefined ? '' : ` (issuer: ${quoted(certificate.issuer)})`;
    return `The certificate is not signed by a trusted CA${issuer}. Add the CA file, or trust the certificate’s fingerprint.`;
  }
  if (errno === 'CERT_REVOKED')
    return 'The CA has revoked the certificate: do not trust it, and contact the server’s owner.';
  if (weak.includes(errno)) return 'The certificate is too weak: have it renewed with a longer key and SHA-256.';
  if (errno === 'INVALID_PURPOSE')
    return 'The certificate is not for servers: have one issued for server authentication.';
  const { text } = lookUpErrno(errno);
  return `The certificate is not trusted: ${text}. If you know it, trust its fingerprint.`;
}

function explainName({ config }: Examination, certificate: CertificateInfo | undefined): string {
  const asked = quoted(optionOf(config, 'tls.serverName') === '' ? config.host : optionOf(config, 'tls.serverName'));
  const names = certificate?.names ?? [];
  const [first] = names;
  if (first === undefined)
    return `The certificate is not for ${asked}: set the server name to a name in it, or trust its fingerprint.`;
  const shown = listOf(names.map((name) => quoted(name)));
  const enter = quoted(names.find((name) => !name.startsWith('*')) ?? first.replace('*', 'a name'));
  return `The certificate is for ${shown}, not for ${asked}: set the server name to ${enter}, or connect to it by that name.`;
}

function dateOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'an unknown date' : date.toISOString().slice(0, 10);
}

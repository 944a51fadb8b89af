/** A certificate as it is shown (RFC 5280). Times in milliseconds since the epoch. */
export interface CertificateInfo {
  readonly subject: string;
  readonly issuer: string;
  /** The names and addresses that it is valid for (subjectAltName). */
  readonly names: readonly string[];
  readonly validFrom: number;
  readonly validTo: number;
  /** SHA-256, in hex with colons. */
  readonly fingerprint: string;
}

import type { CertificateInfo } from '#shared/socket/certificate.ts';
import type { SocketCall } from '#shared/socket/terms.ts';

/** A call of the system that failed: which, and the POSIX name of why (Node's own code where the system gave none). */
export interface CallFailure {
  readonly call: SocketCall;
  readonly errno: string;
  /** What was said beside the code: by the peer, by the TLS library. */
  readonly text?: string | undefined;
  /** The certificate that was not believed. */
  readonly certificate?: CertificateInfo | undefined;
}

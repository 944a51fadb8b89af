import type { CertificateInfo, SocketCall } from '#shared/socket/event.ts';

/** A call of the system that failed: which, and the POSIX name of why (Node's own code where the system gave none). */
export interface CallFailure {
  readonly call: SocketCall;
  readonly errno: string;
  /** What was said beside the code: by the peer, by the TLS library. */
  readonly text?: string | undefined;
  /** The certificate that was not believed. */
  readonly certificate?: CertificateInfo | undefined;
}

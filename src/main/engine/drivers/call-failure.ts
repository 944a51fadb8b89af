import type { CertificateInfo, SocketCall } from '#shared/socket/terms.ts';

/** A failed call of the system: its name and the POSIX name of the error (Node's code where the system returned none). */
export interface CallFailure {
  readonly call: SocketCall;
  readonly errno: string;
  /** Details from the peer or the TLS library. */
  readonly text?: string | undefined;
  /** The HTTP status with which the server answered a WebSocket handshake. */
  readonly status?: number | undefined;
  /** The certificate that is not trusted. */
  readonly certificate?: CertificateInfo | undefined;
}

/**
 * The calls of the Berkeley interface that can fail, by their POSIX names. `handshake` is that of TLS or WebSocket;
 * `open` is that of a file that the socket needs (a certificate, for example).
 */
export const socketCalls = [
  'open',
  'getaddrinfo',
  'socket',
  'bind',
  'listen',
  'accept',
  'connect',
  'handshake',
  'send',
  'recv',
  'shutdown',
  'close',
] as const;
export type SocketCall = (typeof socketCalls)[number];

/**
 * Why a socket is closed.
 * - `local`: this side closed it; `peer`: both sides ended in order (FIN) and the peer's FIN was first;
 * - `reset-by-us`, `reset-by-peer`: RST; `failed`: a call failed; `timeout`: a time limit was reached;
 * - `stopped`: its server or the program was stopped.
 */
export const closeCauses = ['local', 'peer', 'reset-by-us', 'reset-by-peer', 'failed', 'timeout', 'stopped'] as const;
export type CloseCause = (typeof closeCauses)[number];

/** Whether this side sent the bytes or received them. */
export const ways = ['sent', 'received'] as const;
export type Way = (typeof ways)[number];

/** What follows the start of a connection before messages can be sent. */
export const handshakes = ['TLS', 'WebSocket'] as const;
export type Handshake = (typeof handshakes)[number];

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

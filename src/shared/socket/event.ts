/** Where one side of a socket is. A local socket's `host` is its path (empty: it has none), its port 0. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6 | 'local';
}

/** A certificate as it is shown (RFC 5280). Times in milliseconds since the epoch. */
export interface CertificateInfo {
  readonly subject: string;
  readonly issuer: string;
  /** The names and addresses it is for (subjectAltName). */
  readonly names: readonly string[];
  readonly validFrom: number;
  readonly validTo: number;
  /** SHA-256, in hex with colons. */
  readonly fingerprint: string;
}

/**
 * The calls of the Berkeley interface that can fail, by their POSIX names. `handshake` is TLS's or WebSocket's;
 * `open` is that of a file which the socket needs (a certificate, say), whatever is wrong with it.
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
 * - `local`: we closed it; `peer`: both sides ended in order (FIN) and the peer's came first;
 * - `reset-by-us`, `reset-by-peer`: RST; `failed`: a call failed; `timeout`: a limit in time ran out;
 * - `stopped`: its server or the program was stopped.
 */
export const closeCauses = ['local', 'peer', 'reset-by-us', 'reset-by-peer', 'failed', 'timeout', 'stopped'] as const;
export type CloseCause = (typeof closeCauses)[number];

/**
 * What can happen to a socket beside messages, in the order it may happen. Exactly one `closed` ends each socket.
 * One outgoing socket may see several `connecting`/`failed` pairs: one for each address its name resolved to.
 */
export type SocketEvent =
  /** `backlogCap`: the system's own maximum, where it is less than `backlog`. */
  | {
      readonly kind: 'listening';
      readonly local: Address;
      readonly backlog: number;
      readonly backlogCap?: number | undefined;
    }
  /** A UDP socket has its address: there is no listen() and no accept(). `joined`: the multicast group it is in. */
  | { readonly kind: 'bound'; readonly local: Address; readonly joined?: string | undefined }
  | { readonly kind: 'resolved'; readonly name: string; readonly addresses: readonly Address[] }
  | { readonly kind: 'connecting'; readonly peer: Address; readonly attempt: number; readonly of: number }
  /** A client waits before it connects again: attempt `attempt` in a row. */
  | { readonly kind: 'waiting'; readonly attempt: number; readonly delayMs: number }
  /** `handshake`: what must still be agreed on before messages can flow. */
  | {
      readonly kind: 'accepted';
      readonly local: Address;
      readonly peer: Address;
      readonly listener: number;
      readonly handshake?: Handshake | undefined;
      /** Of an imported capture: why no packet shows that it happened at this time. */
      readonly assumed?: string | undefined;
    }
  | {
      readonly kind: 'opened';
      readonly local: Address;
      readonly peer: Address;
      readonly elapsedMs: number;
      /** Why this address was used, where there was a choice. */
      readonly why?: string | undefined;
      readonly handshake?: Handshake | undefined;
      /** Of an imported capture: why no packet shows that it happened at this time, or how long it took. */
      readonly assumed?: string | undefined;
    }
  /** The datagrams of one more peer of a UDP socket: `listener` is that socket. */
  | { readonly kind: 'peer-added'; readonly local: Address; readonly peer: Address; readonly listener: number }
  /** The TLS handshake is done (RFC 8446). `trust`: why the peer's certificate is believed, or that it is not checked. */
  | {
      readonly kind: 'secured';
      readonly protocol: string;
      readonly cipher: string;
      readonly alpn: string;
      readonly serverName: string;
      readonly trust: string;
      /** The peer's certificate, then what it was signed with. Empty where it sent none. */
      readonly chain: readonly CertificateInfo[];
      readonly elapsedMs: number;
      /** A WebSocket handshake is still to come. */
      readonly handshake?: Handshake | undefined;
    }
  /** The WebSocket handshake is done (RFC 6455). */
  | { readonly kind: 'upgraded'; readonly url: string; readonly protocol: string; readonly elapsedMs: number }
  /** A request or an answer of the WebSocket handshake: its first line and its headers, and of a refusal the body. */
  | {
      readonly kind: 'http';
      readonly way: Way;
      readonly lines: readonly string[];
      /** As text, or in hex behind `hex: ` where it is no UTF-8. */
      readonly body?: string | undefined;
      /** The body goes on behind what is kept. */
      readonly more?: boolean | undefined;
    }
  /** A ping or a pong of WebSocket (RFC 6455, sections 5.5.2 and 5.5.3). `payload`: in hex. */
  | { readonly kind: 'control'; readonly way: Way; readonly frame: 'ping' | 'pong'; readonly payload: string }
  /** Messages are cut otherwise from here on. */
  | { readonly kind: 'reframed'; readonly framing: string }
  /** Bytes do not follow the framing: why, and from which byte of the stream on. They were received where `way` is left out. */
  | {
      readonly kind: 'malformed';
      readonly framing: string;
      readonly offset: number;
      readonly text: string;
      readonly way?: Way | undefined;
    }
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'paused'; readonly reason: string }
  /** `reason`: what goes on, where it is not reading. */
  | { readonly kind: 'resumed'; readonly reason?: string | undefined }
  /** A cap cut or refused something: `limit` is its setting's name, `text` says what and how much. */
  | { readonly kind: 'limited'; readonly limit: string; readonly text: string }
  /** Something beside the socket went wrong: a reply file that cannot be read, say. */
  | { readonly kind: 'problem'; readonly text: string }
  | {
      readonly kind: 'failed';
      readonly call: SocketCall;
      /** The POSIX name (`ECONNREFUSED`) or Node's code where the system gave none. */
      readonly errno: string;
      readonly text: string;
      readonly address?: Address | undefined;
    }
  | {
      readonly kind: 'closed';
      readonly cause: CloseCause;
      readonly errno?: string | undefined;
      /** Why, where the cause does not say it all. */
      readonly text?: string | undefined;
      readonly bytesIn: number;
      readonly bytesOut: number;
    };

/** Whether we sent something or received it. */
export const ways = ['sent', 'received'] as const;
export type Way = (typeof ways)[number];

export const controlFrames = ['ping', 'pong'] as const;

/** What follows a connection's start before messages flow. */
export type Handshake = 'TLS' | 'WebSocket';

export type SocketEventKind = SocketEvent['kind'];

import type { FramingSpec } from '../framing/catalogue.ts';
import type { BadFrame } from '../framing/spec.ts';
import type { Transport } from '../socket/transports.ts';

/*
 * What an endpoint is: the types and what a new one begins with. endpoint-schema.ts says which values are allowed.
 */

/** Caps that keep a peer from filling the memory or holding a socket for ever (DESIGN.md, invariant 6). Bytes, ms. */
export interface Limits {
  /** The longest message the framing waits for; longer ones are cut and say so. */
  maxMessage: number;
  /** Bytes that may wait to be sent on one socket. */
  maxQueued: number;
  /** Connections (UDP: peers) a server holds at once. */
  maxConnections: number;
  /** How long a new connection may stay silent before it is closed; 0 for ever. */
  firstByteMs: number;
  /** How long a connection may be without traffic before it is closed; 0 for ever. */
  idleMs: number;
}

/** What a server does with each message it gets. */
export type Behaviour =
  | { kind: 'silent' }
  | { kind: 'echo' }
  | { kind: 'reply'; text: string }
  /** `path` or handle of a file (`FileOf`), or `sample:data.json` for one that ships with Wirebench. Read at each reply. */
  | { kind: 'reply-file'; path: string };

/** Options of a TCP socket, also below TLS and WebSocket. */
export interface TcpOptions {
  /** TCP_NODELAY: send small pieces at once (no Nagle). */
  noDelay: boolean;
  /** SO_KEEPALIVE, and how long a connection is idle before the first probe (0: the system's own delay). */
  keepAlive: boolean;
  keepAliveDelayMs: number;
  /** How many bytes are read ahead and buffered a socket before reading waits; 0: Node's own. */
  highWaterMark: number;
}

/** How an address is bound. */
export interface BindOptions {
  /** IPV6_V6ONLY: `::` takes no IPv4 connections. */
  ipv6Only: boolean;
  /** SO_REUSEADDR; of UDP only: TCP always has it on. */
  reuseAddress: boolean;
  /** SO_REUSEPORT: several programs share the port, and the system spreads what arrives. */
  reusePort: boolean;
}

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
type TlsVersion = (typeof tlsVersions)[number];

export interface TlsOptions {
  /** PEM files, by path or handle, of our own certificate (with its chain) and key. Empty: a server makes one for localhost, a client has none. */
  certificate: string;
  key: string;
  /** What the key is encrypted with; empty in views. */
  passphrase: string;
  /** A passphrase is set. With an empty `passphrase` in an update: the one that is set stays. */
  passphraseSet: boolean;
  /** A PEM file of the authorities that a peer's certificate may come from; empty: the system's. */
  ca: string;
  /** Of a client: refuse a server whose certificate does not check. */
  verify: boolean;
  /** Of a client: certificates (SHA-256) that are trusted whatever is wrong with them. */
  trusted: string[];
  /** Of a server: what is asked of clients. */
  clientCertificate: 'none' | 'request' | 'require';
  /** Of a client: the name asked for (SNI) and checked; empty: the host. */
  serverName: string;
  /** ALPN protocols, the preferred one first. */
  alpn: string[];
  minVersion: TlsVersion;
  maxVersion: TlsVersion;
}

export interface UdpOptions {
  /** Of a client: connect() the socket, so that only this peer is heard and its refusals are reported. */
  connected: boolean;
  /** SO_BROADCAST: sending to a broadcast address is allowed. */
  broadcast: boolean;
  /** IP_TTL of what is sent; 0: the system's. */
  ttl: number;
  /** A multicast group to join; empty: none. */
  group: string;
  /** The source whose datagrams to the group are wanted (source-specific multicast); empty: any. */
  source: string;
  /** The interface for multicast: its address in IPv4, its name (`::%eth0` or `eth0`) in IPv6; empty: the system's choice. */
  multicastInterface: string;
  multicastTtl: number;
  multicastLoopback: boolean;
  /** SO_RCVBUF and SO_SNDBUF, bytes; 0: the system's. */
  receiveBuffer: number;
  sendBuffer: number;
}

export interface WsOptions {
  /** The path and query of the handshake's request. */
  path: string;
  /** Subprotocols, the preferred one first. */
  protocols: string[];
  /** Of a client: headers that are added to the request, `Name: value` each. */
  headers: string[];
  /** Of a client: the Origin header; empty: none. */
  origin: string;
  /** How messages are sent; `auto`: as text where they are UTF-8. */
  send: 'auto' | 'text' | 'binary';
}

/** What a client does when its connection ends or cannot be made, and nobody asked for that. */
export interface Reconnect {
  kind: 'off' | 'fixed' | 'exponential';
  /** The wait before the next attempt; of `exponential`, before the first one: it doubles up to `maxDelayMs`. */
  delayMs: number;
  maxDelayMs: number;
  /** Of `exponential`: each wait is drawn between half and all of it, so that many clients do not come at once. */
  jitter: boolean;
  /** Attempts in a row before it gives up; 0: never. */
  maxAttempts: number;
}

interface SharedConfig {
  transport: Transport;
  name: string;
  host: string;
  port: number;
  /** Of a local socket: its path, or on Windows its pipe. */
  path: string;
  framing: FramingSpec;
  /** After bytes that do not follow the framing: look for the next message, or record the rest as it is read. */
  badFrame: BadFrame;
  /** Keep our side open when the peer has ended its own (FIN); without it, it is closed once all is sent. */
  halfOpen: boolean;
  limits: Limits;
  bind: BindOptions;
  tcp: TcpOptions;
  tls: TlsOptions;
  udp: UdpOptions;
  ws: WsOptions;
}

export interface ServerConfig extends SharedConfig {
  role: 'server';
  /** Connections the system may hold that are not yet accepted: the argument of listen(). */
  backlog: number;
  behaviour: Behaviour;
}

export interface ClientConfig extends SharedConfig {
  role: 'client';
  /** The address and port to bind before connecting; empty and 0 let the system choose. */
  localHost: string;
  localPort: number;
  /** How long each address may take to answer, and the handshake after that. */
  connectTimeoutMs: number;
  reconnect: Reconnect;
}

export type EndpointConfig = ServerConfig | ClientConfig;

export const defaultLimits = {
  maxMessage: 16 * 1_048_576,
  maxQueued: 64 * 1_048_576,
  maxConnections: 20_000,
  firstByteMs: 0,
  idleMs: 0,
} as const;

const sharedDefaults = {
  transport: 'tcp',
  host: '127.0.0.1',
  port: 12_345,
  path: '',
  framing: { kind: 'raw' },
  badFrame: 'resynchronise',
  halfOpen: false,
  limits: { ...defaultLimits },
  bind: { ipv6Only: false, reuseAddress: false, reusePort: false },
  tcp: { noDelay: true, keepAlive: false, keepAliveDelayMs: 0, highWaterMark: 0 },
  tls: {
    certificate: '',
    key: '',
    passphrase: '',
    passphraseSet: false,
    ca: '',
    verify: true,
    trusted: [],
    clientCertificate: 'none',
    serverName: '',
    alpn: [],
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
  },
  udp: {
    connected: true,
    broadcast: false,
    ttl: 0,
    group: '',
    source: '',
    multicastInterface: '',
    multicastTtl: 1,
    multicastLoopback: true,
    receiveBuffer: 0,
    sendBuffer: 0,
  },
  ws: { path: '/', protocols: [], headers: [], origin: '', send: 'auto' },
} satisfies Partial<ServerConfig>;

/** A server as the form and the command line offer it. Its backlog is what Node asks for where nothing is said. */
export const defaultServer: ServerConfig = {
  role: 'server',
  name: 'server',
  ...sharedDefaults,
  backlog: 511,
  behaviour: { kind: 'reply', text: 'Message received!' },
};

/** The server that the start page launches: the course's address and words, with its `listen(5)`. */
export const localServer: ServerConfig = { ...defaultServer, backlog: 5 };

/** A client as the form offers it. */
export const defaultClient: ClientConfig = {
  role: 'client',
  name: 'client',
  ...sharedDefaults,
  localHost: '',
  localPort: 0,
  connectTimeoutMs: 10_000,
  reconnect: { kind: 'off', delayMs: 1_000, maxDelayMs: 30_000, jitter: true, maxAttempts: 0 },
};

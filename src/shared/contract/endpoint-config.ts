import { z } from 'zod';
import { encodeUtf8 } from '../bytes/text.ts';
import { badFrames, framingSpecSchema } from '../framing/spec.ts';
import { transports, usesTls } from '../socket/transports.ts';

/** A host as a person types it: a name or an IPv4 or IPv6 address, without brackets. */
const host = z.string().trim().min(1, 'a host is needed').max(255, 'a host has at most 255 characters');
const optionalHost = z.string().trim().max(255, 'a host has at most 255 characters');
const serverPort = z.number().int().min(0, 'a port is 0 to 65535').max(65_535, 'a port is 0 to 65535');
const peerPort = z.number().int().min(1, 'a port is 1 to 65535').max(65_535, 'a port is 1 to 65535');
const name = z.string().trim().min(1).max(120);
const filePath = z.string().trim().max(4_096, 'a path has at most 4096 characters');
const day = 86_400_000;
const delayMs = z.number().int().min(0).max(day, 'at most a day, 86400000 ms');

/** Caps that keep a peer from filling the memory or holding a socket for ever (DESIGN.md, invariant 6). Bytes, ms. */
export const limitsSchema = z.object({
  /** The longest message the framing waits for; longer ones are cut and say so. */
  maxMessage: z
    .number()
    .int()
    .min(1_024)
    .max(512 * 1_048_576),
  /** Bytes that may wait to be sent on one socket. */
  maxQueued: z
    .number()
    .int()
    .min(65_536)
    .max(1_024 * 1_048_576),
  /** Connections (UDP: peers) a server holds at once. */
  maxConnections: z.number().int().min(1).max(100_000),
  /** How long a new connection may stay silent before it is closed; 0 for ever. */
  firstByteMs: delayMs,
  /** How long a connection may be without traffic before it is closed; 0 for ever. */
  idleMs: delayMs,
});

export const defaultLimits = {
  maxMessage: 16 * 1_048_576,
  maxQueued: 64 * 1_048_576,
  maxConnections: 20_000,
  firstByteMs: 0,
  idleMs: 0,
} as const;

/** What a server does with each message it gets. */
export const behaviourSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('silent') }),
  z.object({ kind: z.literal('echo') }),
  z.object({ kind: z.literal('reply'), text: z.string().max(1_048_576) }),
  /** `path` of a file on this machine, or `sample:data.json` for one that ships with Wirebench. Read at each reply. */
  z.object({ kind: z.literal('reply-file'), path: z.string().min(1).max(4_096) }),
]);

/** Options of a TCP socket, also below TLS and WebSocket. */
const tcpOptionsSchema = z.object({
  /** TCP_NODELAY: send small pieces at once (no Nagle). */
  noDelay: z.boolean(),
  /** SO_KEEPALIVE, and how long a connection is idle before the first probe (0: the system's own delay). */
  keepAlive: z.boolean(),
  keepAliveDelayMs: delayMs,
  /** How many bytes are read ahead and buffered a socket before reading waits; 0: Node's own. */
  highWaterMark: z
    .number()
    .int()
    .min(0)
    .max(16 * 1_048_576, 'at most 16777216 bytes'),
});

/** How an address is bound. */
const bindOptionsSchema = z.object({
  /** IPV6_V6ONLY: `::` takes no IPv4 connections. */
  ipv6Only: z.boolean(),
  /** SO_REUSEADDR; of UDP only: TCP has it on by itself. */
  reuseAddress: z.boolean(),
  /** SO_REUSEPORT: several programs share the port, and the system spreads what comes. */
  reusePort: z.boolean(),
});

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
const fingerprint = z
  .string()
  .regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/, 'a SHA-256 fingerprint is 32 bytes in hex, AA:BB:…');

const tlsOptionsSchema = z.object({
  /** PEM files of our own certificate (with its chain) and key. Empty: a server makes one for localhost, a client has none. */
  certificate: filePath,
  key: filePath,
  passphrase: z.string().max(1_024),
  /** A PEM file of the authorities that a peer's certificate may come from; empty: the system's. */
  ca: filePath,
  /** Of a client: refuse a server whose certificate does not check. */
  verify: z.boolean(),
  /** Of a client: certificates (SHA-256) that are trusted whatever is wrong with them. */
  trusted: z.array(fingerprint).max(100),
  /** Of a server: what is asked of clients. */
  clientCertificate: z.enum(['none', 'request', 'require']),
  /** Of a client: the name asked for (SNI) and checked; empty: the host. */
  serverName: optionalHost,
  /** ALPN protocols, the preferred one first. */
  alpn: z.array(z.string().refine(isAlpnName, 'an ALPN protocol has 1 to 255 bytes')).max(16),
  minVersion: z.enum(tlsVersions),
  maxVersion: z.enum(tlsVersions),
});

/** RFC 7301, section 3.1: the length of a protocol's name is one byte. */
function isAlpnName(name: string): boolean {
  const { length } = encodeUtf8(name);
  return length > 0 && length <= 255;
}

const udpOptionsSchema = z.object({
  /** Of a client: connect() the socket, so that only this peer is heard and its refusals are told. */
  connected: z.boolean(),
  /** SO_BROADCAST: sending to a broadcast address is allowed. */
  broadcast: z.boolean(),
  /** IP_TTL of what is sent; 0: the system's. */
  ttl: z.number().int().min(0).max(255, 'a TTL is 0 to 255'),
  /** A multicast group to join; empty: none. */
  group: optionalHost,
  /** The source whose datagrams to the group are wanted (source-specific multicast); empty: any. */
  source: optionalHost,
  /** The interface for multicast: its address in IPv4, its name (`::%eth0` or `eth0`) in IPv6; empty: the system's choice. */
  multicastInterface: optionalHost,
  multicastTtl: z.number().int().min(0).max(255, 'a TTL is 0 to 255'),
  multicastLoopback: z.boolean(),
  /** SO_RCVBUF and SO_SNDBUF, bytes; 0: the system's. */
  receiveBuffer: z.number().int().min(0).max(1_073_741_824),
  sendBuffer: z.number().int().min(0).max(1_073_741_824),
});

const wsOptionsSchema = z.object({
  /** The path and query of the handshake's request. */
  path: z.string().trim().startsWith('/', 'a path begins with /').max(2_048),
  /** Subprotocols, the preferred one first. */
  protocols: z
    .array(
      z
        .string()
        .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'a subprotocol is one word')
        .max(128),
    )
    .max(16),
  /** How messages are sent; `auto`: as text where they are UTF-8. */
  send: z.enum(['auto', 'text', 'binary']),
});

/** What a client does when its connection ends or cannot be made, and nobody asked for that. */
export const reconnectSchema = z.object({
  kind: z.enum(['off', 'fixed', 'exponential']),
  /** The wait before the next attempt; of `exponential`, before the first one: it doubles up to `maxDelayMs`. */
  delayMs: z.number().int().min(10, 'at least 10 ms').max(day),
  maxDelayMs: z.number().int().min(10).max(day),
  /** Of `exponential`: each wait is drawn between half and all of it, so that many clients do not come at once. */
  jitter: z.boolean(),
  /** Attempts in a row before it gives up; 0: never. */
  maxAttempts: z.number().int().min(0).max(1_000_000),
});

const sharedFields = {
  transport: z.enum(transports),
  name,
  host,
  /** Of a local socket: its path, or on Windows its pipe. */
  path: filePath,
  framing: framingSpecSchema,
  /** After bytes that do not follow the framing: look for the next message, or record the rest as it is read. */
  badFrame: z.enum(badFrames),
  /** Keep our side open when the peer has ended its own (FIN). Otherwise it is closed once all is sent. */
  halfOpen: z.boolean(),
  limits: limitsSchema,
  bind: bindOptionsSchema,
  tcp: tcpOptionsSchema,
  tls: tlsOptionsSchema,
  udp: udpOptionsSchema,
  ws: wsOptionsSchema,
};

export const serverConfigSchema = z.object({
  role: z.literal('server'),
  ...sharedFields,
  port: serverPort,
  /** Connections the system may hold that are not yet accepted: the argument of listen(). */
  backlog: z.number().int().min(1, 'a backlog is at least 1').max(65_535, 'a backlog is at most 65535'),
  behaviour: behaviourSchema,
});

export const clientConfigSchema = z.object({
  role: z.literal('client'),
  ...sharedFields,
  port: peerPort,
  /** The address and port to bind before connecting; empty and 0 let the system choose. */
  localHost: optionalHost,
  localPort: serverPort,
  /** How long each address may take to answer, and the handshake after that. */
  connectTimeoutMs: z.number().int().min(50).max(600_000),
  reconnect: reconnectSchema,
});

export const endpointConfigSchema = z
  .discriminatedUnion('role', [serverConfigSchema, clientConfigSchema])
  .superRefine((config, context) => {
    const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const { transport, tls } = config;
    if (transport === 'local' && config.path === '') complain(['path'], 'a path is needed');
    if (!usesTls(transport)) return;
    if (tls.key === '' && tls.certificate !== '') complain(['tls', 'key'], 'a certificate needs its key');
    if (tls.certificate === '' && tls.key !== '') complain(['tls', 'certificate'], 'a key needs its certificate');
    if (tlsVersions.indexOf(tls.minVersion) > tlsVersions.indexOf(tls.maxVersion)) {
      complain(['tls', 'minVersion'], 'the least version is above the highest');
    }
  });

export type Limits = z.infer<typeof limitsSchema>;
export type Behaviour = z.infer<typeof behaviourSchema>;
export type Reconnect = z.infer<typeof reconnectSchema>;
export type TcpOptions = z.infer<typeof tcpOptionsSchema>;
export type BindOptions = z.infer<typeof bindOptionsSchema>;
export type TlsOptions = z.infer<typeof tlsOptionsSchema>;
export type UdpOptions = z.infer<typeof udpOptionsSchema>;
export type WsOptions = z.infer<typeof wsOptionsSchema>;
export type ServerConfig = z.infer<typeof serverConfigSchema>;
export type ClientConfig = z.infer<typeof clientConfigSchema>;
export type EndpointConfig = z.infer<typeof endpointConfigSchema>;

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
  ws: { path: '/', protocols: [], send: 'auto' },
} satisfies Partial<ServerConfig>;

/** A server as the start page offers it: the course's address, answering the course's words. */
export const defaultServer: ServerConfig = {
  role: 'server',
  name: 'server',
  ...sharedDefaults,
  backlog: 5,
  behaviour: { kind: 'reply', text: 'Message received!' },
};

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

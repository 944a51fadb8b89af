import { z } from 'zod';
import { maxFilterLength } from '../filter/ast.ts';
import { framingSpecSchema } from '../framing/spec.ts';
import { failureSchema } from './failure.ts';

/** A host as a person types it: a name or an IPv4 or IPv6 address, without brackets. */
const host = z.string().trim().min(1, 'a host is needed').max(255, 'a host has at most 255 characters');
const serverPort = z.number().int().min(0, 'a port is 0 to 65535').max(65_535, 'a port is 0 to 65535');
const peerPort = z.number().int().min(1, 'a port is 1 to 65535').max(65_535, 'a port is 1 to 65535');
const name = z.string().trim().min(1).max(120);

/** Caps that keep a peer from filling the memory (DESIGN.md, invariant 6). Bytes. */
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
  /** Connections a server holds at once. */
  maxConnections: z.number().int().min(1).max(100_000),
});

export const defaultLimits = { maxMessage: 16 * 1_048_576, maxQueued: 64 * 1_048_576, maxConnections: 20_000 } as const;

/** What a server does with each message it gets. */
export const behaviourSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('silent') }),
  z.object({ kind: z.literal('echo') }),
  z.object({ kind: z.literal('reply'), text: z.string().max(1_048_576) }),
  /** `path` of a file on this machine, or `sample:data.json` for one that ships with Wirebench. Read at each reply. */
  z.object({ kind: z.literal('reply-file'), path: z.string().min(1).max(4_096) }),
]);

export const serverConfigSchema = z.object({
  role: z.literal('server'),
  transport: z.literal('tcp'),
  name,
  host,
  port: serverPort,
  /** Connections the system may hold that are not yet accepted: the argument of listen(). */
  backlog: z.number().int().min(1, 'a backlog is at least 1').max(65_535, 'a backlog is at most 65535'),
  framing: framingSpecSchema,
  behaviour: behaviourSchema,
  /** Keep our side open when the peer has ended its own (FIN). Otherwise it is closed once all is sent. */
  halfOpen: z.boolean(),
  limits: limitsSchema,
});

export const clientConfigSchema = z.object({
  role: z.literal('client'),
  transport: z.literal('tcp'),
  name,
  host,
  port: peerPort,
  /** The address and port to bind before connecting; empty and 0 let the system choose. */
  localHost: z.string().trim().max(255),
  localPort: serverPort,
  /** How long each address may take to answer. */
  connectTimeoutMs: z.number().int().min(50).max(600_000),
  framing: framingSpecSchema,
  halfOpen: z.boolean(),
  limits: limitsSchema,
});

export const endpointConfigSchema = z.discriminatedUnion('role', [serverConfigSchema, clientConfigSchema]);

export type Limits = z.infer<typeof limitsSchema>;
export type Behaviour = z.infer<typeof behaviourSchema>;
export type ServerConfig = z.infer<typeof serverConfigSchema>;
export type ClientConfig = z.infer<typeof clientConfigSchema>;
export type EndpointConfig = z.infer<typeof endpointConfigSchema>;

/** A server as the start page offers it: the course's address, answering the course's words. */
export const defaultServer: ServerConfig = {
  role: 'server',
  transport: 'tcp',
  name: 'server',
  host: '127.0.0.1',
  port: 12_345,
  backlog: 5,
  framing: { kind: 'raw' },
  behaviour: { kind: 'reply', text: 'Message received!' },
  halfOpen: false,
  limits: { ...defaultLimits },
};

/** A client as the form offers it. */
export const defaultClient: ClientConfig = {
  role: 'client',
  transport: 'tcp',
  name: 'client',
  host: '127.0.0.1',
  port: 12_345,
  localHost: '',
  localPort: 0,
  connectTimeoutMs: 10_000,
  framing: { kind: 'raw' },
  halfOpen: false,
  limits: { ...defaultLimits },
};

/** The word shown for a socket or an endpoint. */
export const stateWords = [
  'idle',
  'opening',
  'listening',
  'connecting',
  'connected',
  'half-closed',
  'closed',
  'reset',
  'failed',
] as const;
export type StateWord = (typeof stateWords)[number];

export const endpointViewSchema = z.object({
  id: z.string(),
  config: endpointConfigSchema,
  state: z.enum(stateWords),
  /** The listener of a server, the outgoing socket of a client, while open; else 0. */
  socket: z.number(),
  /** The bound address of a listening server, the peer's of a connected client (`address:port`). */
  address: z.string(),
  /** Open connections. */
  peers: z.number(),
  /** A server that other machines can reach. */
  exposed: z.boolean(),
  error: failureSchema.optional(),
});
export type EndpointView = z.infer<typeof endpointViewSchema>;

export const socketViewSchema = z.object({
  id: z.number(),
  endpoint: z.string(),
  role: z.enum(['listener', 'accepted', 'outgoing']),
  state: z.enum(stateWords),
  local: z.string(),
  peer: z.string(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  messagesIn: z.number(),
  messagesOut: z.number(),
  /** Bytes accepted for sending that the kernel has not taken yet. */
  queued: z.number(),
  /** We have sent our FIN; the peer has sent its. */
  writeEnded: z.boolean(),
  readEnded: z.boolean(),
});
export type SocketView = z.infer<typeof socketViewSchema>;

export const sessionViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  state: z.enum(['recording', 'read-only', 'failed']),
  total: z.number(),
  /** Bytes of payload recorded. */
  bytes: z.number(),
  /** Messages a second over the last second; 0 for an opened file. */
  rate: z.number(),
  /** `failed`, `limited` and `problem` records. */
  problems: z.number(),
  /** What was cut from a file that did not end well; empty otherwise. */
  notice: z.string(),
  error: failureSchema.optional(),
});
export type SessionView = z.infer<typeof sessionViewSchema>;

export const appInfoSchema = z.object({
  version: z.string(),
  host: z.enum(['electron', 'browser']),
  platform: z.string(),
  /** The runtime in words: `Node 24.21.0`, `Electron 45.4.1`. */
  runtime: z.string(),
  home: z.string(),
});
export type AppInfo = z.infer<typeof appInfoSchema>;

export const maxRememberedFilters = 50;

export const retentionSchema = z.object({
  sessions: z.number().int().min(1).max(100_000),
  bytes: z.number().int().min(1_048_576).max(Number.MAX_SAFE_INTEGER),
});
export type Retention = z.infer<typeof retentionSchema>;
export const defaultRetention: Retention = { sessions: 100, bytes: 8_000_000_000 };

/** What is remembered between runs. Unknown to the engine but for its size, and for the retention. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'dark', 'light']),
  /** Sizes and collapsed panes by name. */
  layout: z.record(z.string().max(64), z.union([z.number(), z.boolean(), z.array(z.number()).max(16)])),
  /** Filters used before, the last first. */
  filters: z.array(z.string().max(maxFilterLength)).max(maxRememberedFilters),
  /** How many recorded sessions are kept, and how many bytes of them: the oldest go first. */
  retention: retentionSchema,
});
export type Settings = z.infer<typeof settingsSchema>;
export const defaultSettings: Settings = {
  theme: 'system',
  layout: {},
  filters: [],
  retention: defaultRetention,
};

export const sampleSchema = z.object({
  name: z.string(),
  format: z.enum(['json', 'xml', 'text']),
  text: z.string(),
});
export type Sample = z.infer<typeof sampleSchema>;

/** `raw` is the bytes of the streams: of one socket and direction as they are, else a tar archive of them. */
export const saveFormats = ['wirebench', 'jsonl', 'csv', 'text', 'html', 'raw', 'pcapng', 'sqlite', 'parquet'] as const;
export type SaveFormat = (typeof saveFormats)[number];

/** Which records of a session are meant: those that all the parts given let through. */
export const scopeSchema = z.object({
  filter: z.string().max(maxFilterLength).optional(),
  sockets: z.array(z.number().int().min(0)).max(100_000).optional(),
  direction: z.enum(['in', 'out']).optional(),
});
export type Scope = z.infer<typeof scopeSchema>;

/** How far the worker has come with a filter: `matched` among the first `scanned` of `total` records. */
export const filterStatusSchema = z.object({
  session: z.string(),
  filter: z.string(),
  matched: z.number(),
  scanned: z.number(),
  total: z.number(),
});
export type FilterStatus = z.infer<typeof filterStatusSchema>;

/** A session in the app's folder, as the start page lists it. */
export const storedSessionSchema = z.object({
  path: z.string(),
  name: z.string(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  changedAt: z.number(),
  fileBytes: z.number(),
  /** Not known of one that another Wirebench records to. */
  records: z.number().optional(),
  /** Of a `crashed` one: the bytes at its end that are no whole block, and are left out when it is opened. */
  cutBytes: z.number().optional(),
  /** `crashed`: nobody records to it, and it was not ended in order. `busy`: another Wirebench records to it. */
  state: z.enum(['ended', 'crashed', 'busy', 'recording']),
});
export type StoredSession = z.infer<typeof storedSessionSchema>;

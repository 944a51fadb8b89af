import { z } from 'zod';
import { endpointConfigSchema } from '../endpoint/endpoint-schema.ts';
import { maxFilterLength } from '../filter/ast.ts';
import { badFrames } from '../framing/spec.ts';
import { stateWords } from '../socket/state.ts';
import { closeCauses, socketCalls } from '../socket/terms.ts';
import { transports } from '../socket/transports.ts';
import { failureSchema } from './fields.ts';

/** How a socket ended: see `Ending`. */
const endingSchema = z.object({
  cause: z.enum(closeCauses),
  errno: z.string().optional(),
  call: z.enum(socketCalls).optional(),
  text: z.string().optional(),
});

export const endpointViewSchema = z.object({
  id: z.string(),
  config: endpointConfigSchema,
  state: z.enum(stateWords),
  /** The listener of an open server or the socket of an open client; else 0. */
  socket: z.number(),
  /** The bound address of a listening server, or the peer's address of a connected client (`address:port`). */
  address: z.string(),
  /** Open connections. */
  peers: z.number(),
  /** Other machines can reach the server. */
  exposed: z.boolean(),
  /** False while a server does not call accept(): new connections fill the system's backlog. */
  accepting: z.boolean(),
  /** Connections in the backlog while accept() is not called, if the system reports them. */
  backlogWaiting: z.number().optional(),
  /** Connection attempts that a server dropped because its accept queue was full, if the system reports them. */
  dropped: z.number().optional(),
  /** While a client waits to reconnect: the time (milliseconds since the epoch), and the number of the consecutive attempt. */
  retry: z.object({ at: z.number(), attempt: z.number() }).optional(),
  /** How its socket ended, until it is opened again. */
  ended: endingSchema.optional(),
  error: failureSchema.optional(),
});
export type EndpointView = z.infer<typeof endpointViewSchema>;

export const socketViewSchema = z.object({
  id: z.number(),
  endpoint: z.string(),
  role: z.enum(['listener', 'accepted', 'outgoing']),
  transport: z.enum(transports),
  /** The framing in the command line's spelling. */
  framing: z.string(),
  /** What happens after bytes that do not follow the framing. */
  badFrame: z.enum(badFrames),
  /** Framing has stopped at such bytes: reads are recorded as messages until the framing is set again. */
  framingStopped: z.boolean(),
  /**
   * The received part of an incomplete message: its bytes, and how many are missing (0: unknown; with `atLeast`, at least). The value of
   * its length field (`name`, if it has one) in bytes or in values (`unit`), and the bytes before those that it counts (`header`).
   * `overdue`: the message has been incomplete for a second.
   */
  incomplete: z
    .object({
      bytes: z.number(),
      missing: z.number(),
      atLeast: z.boolean().optional(),
      says: z.number().optional(),
      unit: z.literal('values').optional(),
      header: z.number().optional(),
      name: z.string().optional(),
      overdue: z.boolean(),
    })
    .optional(),
  state: z.enum(stateWords),
  local: z.string(),
  peer: z.string(),
  /** The result of the TLS and WebSocket handshakes, in words; empty without them. */
  security: z.string(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  messagesIn: z.number(),
  messagesOut: z.number(),
  /** Bytes queued for sending that the kernel has not accepted yet. */
  queued: z.number(),
  /** Wirebench has sent its FIN; the peer has sent its FIN. */
  writeEnded: z.boolean(),
  readEnded: z.boolean(),
  /** The user has paused reading: received bytes queue in the kernel, and then at the peer. */
  readingStopped: z.boolean(),
  /** How it ended; `undefined` while it is open. */
  ended: endingSchema.optional(),
});
export type SocketView = z.infer<typeof socketViewSchema>;

/** The pace at which a message is passed to the kernel. */
export const paceSchema = z.object({
  /** Maximum bytes per second; 0: unlimited. */
  bytesPerSecond: z.number().int().min(0).max(10_000_000_000),
  /** Bytes of each chunk, with `delayMs` between chunks; 0: no chunks. */
  chunkBytes: z.number().int().min(0).max(67_108_864),
  delayMs: z.number().int().min(0).max(3_600_000),
  /** Offsets at which the message is also split, with `delayMs` between the parts. */
  splits: z.array(z.number().int().min(1)).max(1_000),
});
export type Pace = z.infer<typeof paceSchema>;

/**
 * One socket option on this system. `value` is its default; `unavailable` is the reason why it cannot be set; `over` lists the
 * transports that have it, `undefined` means all.
 */
export const systemOptionSchema = z.object({
  name: z.string(),
  value: z.string(),
  unavailable: z.string(),
  over: z.array(z.enum(transports)).readonly().optional(),
});
export type SystemOption = z.infer<typeof systemOptionSchema>;

export const sessionViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  state: z.enum(['recording', 'read-only', 'failed']),
  total: z.number(),
  /** Bytes of payload recorded. */
  bytes: z.number(),
  /** Messages per second over the last second; 0 for an opened file. */
  rate: z.number(),
  /** `failed`, `limited` and `problem` records. */
  problems: z.number(),
  /** What was truncated from a file that did not end properly; empty if nothing. */
  notice: z.string(),
  error: failureSchema.optional(),
});
export type SessionView = z.infer<typeof sessionViewSchema>;

/** A program whose socket calls are traced. */
export const programViewSchema = z.object({
  /** The id under which its sockets are found, as those of an endpoint. */
  id: z.string(),
  /** What lists show: `server.py (4711)`. */
  name: z.string(),
  pid: z.number(),
  /** The command that was traced, which may have started several processes. */
  command: z.array(z.string()),
  state: z.enum(['running', 'ended']),
  /** The number of its open sockets. */
  sockets: z.number(),
  /** The addresses of its open connections (`address:port`): the first ones. */
  connections: z.array(z.object({ local: z.string(), peer: z.string() })),
  /** The call in which it has been waiting for a while; empty for none. */
  waitsIn: z.string(),
});
export type ProgramView = z.infer<typeof programViewSchema>;

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

/** Settings that are saved between runs. The engine uses only its size and the retention. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'dark', 'light']),
  /** Sizes and collapsed panes by name. */
  layout: z.record(z.string().max(64), z.union([z.number(), z.boolean(), z.array(z.number()).max(16)])),
  /** Earlier filters, the last one first. */
  filters: z.array(z.string().max(maxFilterLength)).max(maxRememberedFilters),
  /** Maximum number of recorded sessions, and of their bytes: the oldest are deleted first. */
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

/** The records of a session that match all given parts. */
export const scopeSchema = z.object({
  filter: z.string().max(maxFilterLength).optional(),
  sockets: z.array(z.number().int().min(0)).max(100_000).optional(),
  direction: z.enum(['in', 'out']).optional(),
});
export type Scope = z.infer<typeof scopeSchema>;

/** The progress of a query's search: `matched` among the first `scanned` of `total` records. */
export const queryStatusSchema = z.object({
  session: z.string(),
  query: z.string(),
  matched: z.number(),
  scanned: z.number(),
  total: z.number(),
});
export type QueryStatus = z.infer<typeof queryStatusSchema>;

/** A session in the app's folder, as the start page lists it. */
export const storedSessionSchema = z.object({
  /** The name that calls use: `stored:NAME.wirebench`. */
  reference: z.string(),
  /** Its path, for display. */
  path: z.string(),
  name: z.string(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  changedAt: z.number(),
  fileBytes: z.number(),
  /** Unknown for a session that another Wirebench is recording. */
  records: z.number().optional(),
  /** For a `crashed` session: the bytes at its end that are not a whole block, and that are ignored when it is opened. */
  cutBytes: z.number().optional(),
  /** `crashed`: it was not ended properly, and is not being recorded. `busy`: another Wirebench is recording it. */
  state: z.enum(['ended', 'crashed', 'busy', 'recording']),
});
export type StoredSession = z.infer<typeof storedSessionSchema>;

import { z } from 'zod';
import { endpointConfigSchema } from '../endpoint/endpoint-schema.ts';
import { maxFilterLength } from '../filter/ast.ts';
import { badFrames } from '../framing/spec.ts';
import { closeCauses, socketCalls } from '../socket/event.ts';
import { stateWords } from '../socket/state.ts';
import { transports } from '../socket/transports.ts';
import { failureSchema } from './failure-schema.ts';

/** How a socket has ended: see `Ending`. */
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
  /** The listener of a server, the outgoing socket of a client, while open; else 0. */
  socket: z.number(),
  /** The bound address of a listening server, the peer's of a connected client (`address:port`). */
  address: z.string(),
  /** Open connections. */
  peers: z.number(),
  /** A server that other machines can reach. */
  exposed: z.boolean(),
  /** False while a server does not accept(): the system lets its backlog fill. */
  accepting: z.boolean(),
  /** While it does not, where the system tells: connections that wait in the backlog. */
  backlogWaiting: z.number().optional(),
  /** Of a server: connection attempts that were dropped because its accept queue was full, where the system tells. */
  dropped: z.number().optional(),
  /** While a client waits to connect again: when (milliseconds since the epoch), and which attempt in a row that is. */
  retry: z.object({ at: z.number(), attempt: z.number() }).optional(),
  /** How its socket has ended, until it is opened again. */
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
  /** What happens after bytes that do not follow it. */
  badFrame: z.enum(badFrames),
  /** It has stopped at such bytes: what comes is recorded as it is read, until the framing is chosen anew. */
  framingStopped: z.boolean(),
  /**
   * What has come of a message whose end has not come: bytes, and how many it lacks by what it says itself (0: not known), or lacks
   * at least (`atLeast`). What its length field (`name`, where it has
   * one) says, in bytes or in values (`unit`), and the bytes before those that it counts (`header`).
   * `overdue`: it is so for a second.
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
  /** What TLS and WebSocket agreed on, in words; empty without them. */
  security: z.string(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  messagesIn: z.number(),
  messagesOut: z.number(),
  /** Bytes accepted for sending that the kernel has not taken yet. */
  queued: z.number(),
  /** We have sent our FIN; the peer has sent its. */
  writeEnded: z.boolean(),
  readEnded: z.boolean(),
  /** A person has stopped reading: what comes waits in the kernel, and then at the peer. */
  readingStopped: z.boolean(),
  /** How it has ended; not there while it is open. */
  ended: endingSchema.optional(),
});
export type SocketView = z.infer<typeof socketViewSchema>;

/** How fast a message goes to the kernel. */
export const paceSchema = z.object({
  /** At most so many bytes a second; 0: as fast as they are taken. */
  bytesPerSecond: z.number().int().min(0).max(10_000_000_000),
  /** Pieces of so many bytes, with `delayMs` between them; 0: no pieces. */
  chunkBytes: z.number().int().min(0).max(67_108_864),
  delayMs: z.number().int().min(0).max(3_600_000),
  /** Offsets at which the message is split as well, with `delayMs` between the parts. */
  splits: z.array(z.number().int().min(1)).max(1_000),
});
export type Pace = z.infer<typeof paceSchema>;

/**
 * One option of sockets on this system. `value` is what holds where nothing is set; `unavailable` says why not; `over`:
 * the transports whose sockets have it, all where it is not there.
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

/** Which records of a session are meant: those that all the parts given let through. */
export const scopeSchema = z.object({
  filter: z.string().max(maxFilterLength).optional(),
  sockets: z.array(z.number().int().min(0)).max(100_000).optional(),
  direction: z.enum(['in', 'out']).optional(),
});
export type Scope = z.infer<typeof scopeSchema>;

/** How far the search of a query has come: `matched` among the first `scanned` of `total` records. */
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
  /** What calls name it by: `stored:NAME.wirebench`. */
  reference: z.string(),
  /** Where it is, for the user to read. */
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

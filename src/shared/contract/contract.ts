import { z } from 'zod';
import { kindCodes, type Row, type SocketInfo } from '../record/record.ts';
import type { SocketEvent } from '../socket/event.ts';
import { failureSchema } from './failure.ts';
import {
  appInfoSchema,
  endpointConfigSchema,
  endpointViewSchema,
  sampleSchema,
  saveFormats,
  sessionViewSchema,
  settingsSchema,
  socketViewSchema,
} from './models.ts';

interface Call<Input extends z.ZodType, Output extends z.ZodType> {
  readonly input: Input;
  readonly output: Output;
}

function call<Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output): Call<Input, Output> {
  return { input, output };
}

const nothing = z.object({});
const socketId = z.number().int().min(1);
const endpointRef = z.object({ id: z.string().max(64) });
const socketRef = z.object({ socket: socketId });
const sessionId = z.string().max(64);
const taskId = z.string().min(1).max(64);
const path = z.string().min(1).max(4_096);
const count = z.number().int().min(0);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes are expected');

/** The most bytes one `sockets.send` carries. */
export const maxSendBytes = 64 * 1_048_576;
/** The most rows one `sessions.window` answers. */
export const maxWindowRows = 1_000;
/** The most bytes one `sessions.payload` answers. */
export const maxPayloadBytes = 4 * 1_048_576;

const rowSchema: z.ZodType<Row> = z.object({
  seq: z.number(),
  at: z.number(),
  kind: z.enum(Object.keys(kindCodes) as [Row['kind'], ...Row['kind'][]]),
  socket: z.number(),
  offset: z.number(),
  length: z.number(),
  head: z.number(),
  tail: z.number(),
  flags: z.number(),
  preview: z.string(),
  event: z.custom<SocketEvent>((value) => typeof value === 'object' && value !== null).optional(),
});
const socketInfoSchema = z.custom<SocketInfo>((value) => typeof value === 'object' && value !== null);

/** Every call that a page may make of the engine, once. Handlers, client and mocks derive their types from it. */
export const contract = {
  'app.info': call(nothing, appInfoSchema),
  'app.snapshot': call(
    nothing,
    z.object({
      endpoints: z.array(endpointViewSchema),
      sockets: z.array(socketViewSchema),
      sessions: z.array(sessionViewSchema),
    }),
  ),
  'settings.get': call(nothing, settingsSchema),
  'settings.set': call(settingsSchema.partial(), settingsSchema),
  'samples.list': call(nothing, z.array(sampleSchema)),

  'endpoints.create': call(endpointConfigSchema, endpointViewSchema),
  'endpoints.update': call(z.object({ id: z.string().max(64), config: endpointConfigSchema }), endpointViewSchema),
  'endpoints.remove': call(endpointRef, nothing),
  /** Launches a server or connects a client; answers when it listens or is connected. */
  'endpoints.open': call(endpointRef, endpointViewSchema),
  /** Stops a server with its connections, or disconnects a client (also while it connects). */
  'endpoints.close': call(endpointRef, endpointViewSchema),

  /** Sends one message to each socket; answers when the kernel has taken the bytes or the socket failed. */
  'sockets.send': call(
    z.object({
      sockets: z.array(socketId).min(1, 'no peer is chosen').max(100_000),
      bytes: bytes.refine(({ length }) => length <= maxSendBytes, 'a message has at most 64 MiB'),
      /** Adds what the socket's framing wants around a message (a line's end, say). */
      frame: z.boolean(),
    }),
    z.object({
      sent: z.array(z.object({ socket: z.number(), bytes: z.number(), error: failureSchema.optional() })),
    }),
  ),
  'sockets.shutdown': call(socketRef, nothing),
  'sockets.close': call(socketRef, nothing),
  'sockets.reset': call(socketRef, nothing),

  'sessions.window': call(
    z.object({ session: sessionId, first: count, count: count.max(maxWindowRows) }),
    z.object({ total: z.number(), rows: z.array(rowSchema), sockets: z.array(socketInfoSchema) }),
  ),
  /** Bytes `[from, from + length)` of one message; `total` is its length. */
  'sessions.payload': call(
    z.object({ session: sessionId, seq: count, from: count, length: count.max(maxPayloadBytes) }),
    z.object({ bytes, total: z.number() }),
  ),
  /** Writes a copy of a session to `path`. Progress comes as `task.progress`; `tasks.cancel` ends it without a file. */
  'sessions.save': call(
    z.object({ session: sessionId, format: z.enum(saveFormats), path, task: taskId }),
    z.object({ path: z.string(), records: z.number(), bytes: z.number() }),
  ),
  'sessions.open': call(z.object({ path }), sessionViewSchema),
  'sessions.close': call(z.object({ session: sessionId }), nothing),
  'tasks.cancel': call(z.object({ task: taskId }), nothing),

  /** The host's own file dialogs. A host without them answers `unsupported`, and the page uses its browser's. */
  'dialogs.save': call(
    z.object({ title: z.string().max(200), suggestedName: z.string().max(255) }),
    z.object({ path: z.string().nullable() }),
  ),
  'dialogs.open': call(z.object({ title: z.string().max(200) }), z.object({ path: z.string().nullable() })),
  /** Makes a one-time address from which the page may download a file that `sessions.save` is to write at `path`. */
  'downloads.prepare': call(
    z.object({ suggestedName: z.string().min(1).max(255) }),
    z.object({ path: z.string(), url: z.string() }),
  ),
} as const;

export type Contract = typeof contract;
export type CallName = keyof Contract;
export type CallInput<Name extends CallName> = z.infer<Contract[Name]['input']>;
export type CallOutput<Name extends CallName> = z.infer<Contract[Name]['output']>;

/** Every event that the engine pushes, once: numbers and states, never payloads. */
export const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('endpoints'), changed: z.array(endpointViewSchema), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('sockets'), changed: z.array(socketViewSchema), removed: z.array(z.number()) }),
  z.object({ kind: z.literal('sessions'), changed: z.array(sessionViewSchema), removed: z.array(z.string()) }),
  z.object({
    kind: z.literal('task.progress'),
    task: z.string(),
    done: z.number(),
    total: z.number(),
  }),
]);
export type WorkbenchEvent = z.infer<typeof eventSchema>;

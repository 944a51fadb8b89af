import { z } from 'zod';
import { framingSpecSchema } from '../framing/framing-schema.ts';
import { badFrames } from '../framing/spec.ts';
import { maxNoteLength } from '../record/marks.ts';
import { failureSchema } from './failure-schema.ts';
import { bytes, count, filterText, queryId, sessionId, socketId, taskId } from './fields.ts';
import {
  openableSchema,
  pageEndpointConfigSchema,
  readHandleSchema,
  saveHandleSchema,
  storedReferenceSchema,
} from './file-reference-schema.ts';
import { maxPingBytes, maxSendBytes } from './limits.ts';
import {
  appInfoSchema,
  endpointViewSchema,
  paceSchema,
  queryStatusSchema,
  sampleSchema,
  scopeSchema,
  sessionViewSchema,
  settingsSchema,
  socketViewSchema,
  storedSessionSchema,
  systemOptionSchema,
} from './models.ts';
import { keptPayloadSchema, payloadKeySchema } from './payloads.ts';
import { questionCalls } from './questions/calls.ts';
import { markSchema } from './records.ts';
import { saveFormats } from './save-formats.ts';

interface Call<Input extends z.ZodType, Output extends z.ZodType> {
  readonly input: Input;
  readonly output: Output;
}

function call<Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output): Call<Input, Output> {
  return { input, output };
}

const nothing = z.object({});
const endpointRef = z.object({ id: z.string().max(64) });
const socketRef = z.object({ socket: socketId });

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
  /** The payload that was last written for an endpoint, in this run or an earlier one; null: none is kept. */
  'payloads.get': call(payloadKeySchema, z.object({ payload: keptPayloadSchema.nullable() })),
  /** Keeps a payload for the next time that such an endpoint is opened; answers when it is in the file. */
  'payloads.keep': call(z.object({ endpoint: payloadKeySchema, payload: keptPayloadSchema }), nothing),
  /** Forgets every payload that is kept. */
  'payloads.forget': call(nothing, nothing),

  'endpoints.create': call(pageEndpointConfigSchema, endpointViewSchema),
  'endpoints.update': call(z.object({ id: z.string().max(64), config: pageEndpointConfigSchema }), endpointViewSchema),
  'endpoints.remove': call(endpointRef, nothing),
  /** Lists the closed sockets of an endpoint no longer. Their records stay. */
  'endpoints.clear': call(endpointRef, nothing),
  /** Launches a server or connects a client; answers when it listens or is connected. */
  'endpoints.open': call(endpointRef, endpointViewSchema),
  /**
   * Stops a server with its connections, or without them: then it only stops listening. Disconnects a client (also while
   * it connects).
   */
  'endpoints.close': call(endpointRef.extend({ keepConnections: z.boolean().optional() }), endpointViewSchema),
  /** Lets a server accept() or not: connections that come meanwhile fill the system's backlog. */
  'endpoints.accepting': call(z.object({ id: z.string().max(64), accepting: z.boolean() }), endpointViewSchema),
  /** Makes a UDP peer of a bound UDP socket to a peer that has not sent anything yet; answers its socket. */
  'endpoints.addPeer': call(
    z.object({
      id: z.string().max(64),
      host: z.string().trim().min(1).max(255),
      port: z.number().int().min(1).max(65_535),
    }),
    socketRef,
  ),
  /** The options of sockets as this system has them: what holds where nothing is set, what is not to be had, and why. */
  'system.options': call(nothing, z.object({ options: z.array(systemOptionSchema) })),

  /**
   * Sends one message to each socket: `bytes`, or what a file holds, however large. Answers when the kernel has taken the
   * bytes or the socket failed. With `task`, progress comes as `task.progress` and `tasks.cancel` ends it.
   */
  'sockets.send': call(
    z
      .object({
        sockets: z.array(socketId).min(1, 'no peer is chosen').max(100_000),
        bytes: bytes.refine(({ length }) => length <= maxSendBytes, 'a message has at most 64 MiB').optional(),
        /** A file that the user chose. */
        file: readHandleSchema.optional(),
        /** Adds what the socket's framing wants around a message (a line's end, say). */
        frame: z.boolean(),
        pace: paceSchema.optional(),
        task: taskId.optional(),
      })
      .refine((input) => (input.bytes === undefined) !== (input.file === undefined), 'either bytes or a file is sent'),
    z.object({
      sent: z.array(z.object({ socket: z.number(), bytes: z.number(), error: failureSchema.optional() })),
    }),
  ),
  /** Stops reading (what comes waits in the kernel, then at the peer) or goes on. */
  'sockets.reading': call(z.object({ socket: socketId, reading: z.boolean() }), nothing),
  /**
   * Cuts messages otherwise from here on; what waits for the end of its message is cut anew. A framing that has stopped at
   * bytes that do not follow it begins again, also where it is the same. `badFrame`: as before where it is left out.
   */
  'sockets.frame': call(
    z.object({ socket: socketId, framing: framingSpecSchema, badFrame: z.enum(badFrames).optional() }),
    nothing,
  ),
  /** Answers the first 16 KiB of a message that a socket has received in part; `length`: how many bytes wait. */
  'sockets.waiting': call(socketRef, z.object({ bytes, length: z.number() })),
  /** Sends a ping on a WebSocket. */
  'sockets.ping': call(
    socketRef.extend({
      payload: bytes.refine(({ length }) => length <= maxPingBytes, 'a ping has at most 125 bytes'),
    }),
    nothing,
  ),
  'sockets.shutdown': call(socketRef, nothing),
  'sockets.close': call(socketRef, nothing),
  'sockets.reset': call(socketRef, nothing),

  ...questionCalls,
  /**
   * Makes a query: the records that `filter` matches, of one endpoint where its id is given. Questions refer to it by `id`.
   * `usesMarks`: bookmarks or notes decide what matches. Fails as `bad-input` where `filter` is not a filter.
   */
  'sessions.query': call(
    z.object({ session: sessionId, filter: filterText, endpoint: z.string().max(64).optional() }),
    z.object({ id: queryId, usesMarks: z.boolean() }),
  ),
  /** Stops the search of a query and forgets it. */
  'sessions.endQuery': call(z.object({ session: sessionId, query: queryId }), nothing),
  /** Sets or takes away a bookmark or a note at a record; what is left out stays. Told to all pages as `marks`. */
  'sessions.mark': call(
    z.object({
      session: sessionId,
      seq: count,
      bookmarked: z.boolean().optional(),
      note: z.string().max(maxNoteLength).optional(),
    }),
    markSchema,
  ),
  /**
   * Writes a copy of a session to a place that the user chose, once. Progress comes as `task.progress`; `tasks.cancel` ends
   * it without a file. Answers where the file is, for the user to read.
   * `keepFormulas`, of CSV: cells that a spreadsheet would run as formulas stay as they are.
   */
  'sessions.save': call(
    z.object({
      session: sessionId,
      format: z.enum(saveFormats),
      target: saveHandleSchema,
      task: taskId,
      scope: scopeSchema.optional(),
      keepFormulas: z.boolean().optional(),
    }),
    z.object({ path: z.string(), records: z.number(), bytes: z.number() }),
  ),
  /**
   * Makes a new session in which the streams of some sockets (all, where none is given) are cut by another framing, and
   * opens it. The recorded one stays as it is. Progress as of a save.
   */
  'sessions.reframe': call(
    z.object({
      session: sessionId,
      sockets: z.array(socketId).max(100_000).optional(),
      /** Where no sockets are named: those of this endpoint alone. */
      endpoint: z.string().optional(),
      framing: framingSpecSchema,
      task: taskId,
    }),
    sessionViewSchema,
  ),
  /**
   * Ends the session that is being recorded and starts another one; answers the new one. Fails as `wrong-state` while an
   * endpoint or a socket is open: all records of a socket are in one session.
   */
  'sessions.begin': call(nothing, sessionViewSchema),
  /** Opens a session file; a capture (pcap, pcapng) or JSON lines become a new session. Progress as of a save. */
  'sessions.open': call(z.object({ file: openableSchema, task: taskId.optional() }), sessionViewSchema),
  /** Moves the session being recorded to a place that the user chose, and goes on there; also where the old place failed. */
  'sessions.move': call(z.object({ session: sessionId, target: saveHandleSchema, task: taskId }), sessionViewSchema),
  /** Tries again to write where recording has failed: space was made, say. */
  'sessions.retry': call(z.object({ session: sessionId }), sessionViewSchema),
  'sessions.rename': call(z.object({ session: sessionId, name: z.string().trim().min(1).max(120) }), sessionViewSchema),
  /** The sessions in the app's folder, the newest first. */
  'sessions.stored': call(nothing, z.object({ sessions: z.array(storedSessionSchema), folder: z.string() })),
  /** Deletes a session file of the app's folder that nobody records to. */
  'sessions.delete': call(z.object({ stored: storedReferenceSchema }), nothing),
  'sessions.close': call(z.object({ session: sessionId }), nothing),
  'tasks.cancel': call(z.object({ task: taskId }), nothing),

  /**
   * The host's own file dialogs: they give handles of what the user chose, null where that is nothing. A host without them
   * answers `unsupported`, and the page uses its browser's.
   */
  'dialogs.save': call(
    z.object({ title: z.string().max(200), suggestedName: z.string().max(255) }),
    z.object({ target: z.string().nullable() }),
  ),
  'dialogs.open': call(
    z.object({
      title: z.string().max(200),
      /** `session`: files that can be opened as one are offered first. */
      purpose: z.enum(['session', 'file']),
    }),
    z.object({ file: z.string().nullable() }),
  ),
  /** Makes a one-time address from which the page may download a file that `sessions.save` is to write to `target`. */
  'downloads.prepare': call(
    z.object({ suggestedName: z.string().min(1).max(255) }),
    z.object({ target: z.string(), url: z.string() }),
  ),
  /** Where a host without dialogs can record to: one new file in each of a few folders of this machine. */
  'places.list': call(
    z.object({ suggestedName: z.string().min(1).max(255) }),
    z.object({
      places: z.array(z.object({ target: z.string(), folder: z.string(), freeBytes: z.number() })),
    }),
  ),
} as const;

type Contract = typeof contract;
export type CallName = keyof Contract;
export type CallInput<Name extends CallName> = z.infer<Contract[Name]['input']>;
export type CallOutput<Name extends CallName> = z.infer<Contract[Name]['output']>;

/** Every event that the engine pushes, once: numbers and states, never payloads. */
export const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('endpoints'), changed: z.array(endpointViewSchema), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('sockets'), changed: z.array(socketViewSchema), removed: z.array(z.number()) }),
  z.object({ kind: z.literal('sessions'), changed: z.array(sessionViewSchema), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('queries'), changed: z.array(queryStatusSchema) }),
  z.object({ kind: z.literal('marks'), session: z.string(), changed: z.array(markSchema) }),
  z.object({
    kind: z.literal('task.progress'),
    task: z.string(),
    done: z.number(),
    total: z.number(),
  }),
]);
export type WorkbenchEvent = z.infer<typeof eventSchema>;

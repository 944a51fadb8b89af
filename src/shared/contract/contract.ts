import { z } from 'zod';
import { maxFilterLength } from '../filter/ast.ts';
import { badFrames } from '../framing/spec.ts';
import { maxNoteLength } from '../record/marks.ts';
import { failureSchema } from './failure-schema.ts';
import {
  openableSchema,
  pageEndpointConfigSchema,
  readHandleSchema,
  saveHandleSchema,
  storedReferenceSchema,
} from './file-reference-schema.ts';
import { framingSpecSchema } from './framing-schema.ts';
import { maxPingBytes, maxSendBytes } from './limits.ts';
import {
  appInfoSchema,
  endpointViewSchema,
  filterStatusSchema,
  paceSchema,
  sampleSchema,
  scopeSchema,
  sessionViewSchema,
  settingsSchema,
  socketViewSchema,
  storedSessionSchema,
  systemOptionSchema,
} from './models.ts';
import { keptPayloadSchema, payloadKeySchema } from './payloads.ts';
import { markSchema, rowSchema, socketInfoSchema } from './records.ts';
import { saveFormats } from './save-formats.ts';
import { statisticsSchema } from './statistics.ts';

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
const count = z.number().int().min(0);
const filterText = z.string().max(maxFilterLength, `a filter has at most ${maxFilterLength} characters`);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes are expected');

/** The most rows one `sessions.window` answers. */
export const maxWindowRows = 1_000;
/** The most bytes one `sessions.payload` answers. */
export const maxPayloadBytes = 4 * 1_048_576;

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

  /**
   * Rows `[first, first + count)` among those that match `filter`, as far as the worker has come: `matched` among the
   * first `scanned` of `total` records. Asking starts the search, which goes on by itself to where the session ended when it
   * was last asked; `filters` events tell how far it is.
   */
  'sessions.window': call(
    z.object({
      session: sessionId,
      first: count,
      count: count.max(maxWindowRows),
      filter: filterText.optional(),
    }),
    z.object({
      total: z.number(),
      matched: z.number(),
      scanned: z.number(),
      rows: z.array(rowSchema),
      sockets: z.array(socketInfoSchema),
    }),
  ),
  /** Stops the search of a filter and forgets what it found. */
  'sessions.unfilter': call(z.object({ session: sessionId, filter: filterText }), nothing),
  /**
   * Where a record stands among those that match `filter`: the first one from record `seq` on, or from the time `at` on
   * (milliseconds since the epoch), else the last one. `index` counts the matches before it. Null where nothing matches.
   */
  'sessions.locate': call(
    z.object({
      session: sessionId,
      filter: filterText.optional(),
      seq: count.optional(),
      at: z.number().optional(),
      task: taskId.optional(),
    }),
    z.object({ found: z.object({ seq: z.number(), index: z.number() }).nullable() }),
  ),
  /** The next record behind `from` (before it, `backward`) that matches `find`, among those that match `filter`. */
  'sessions.find': call(
    z.object({
      session: sessionId,
      find: filterText,
      filter: filterText.optional(),
      /** −1 to search from the start; the number of records to search backward from the end. */
      from: z.number().int().min(-1),
      backward: z.boolean(),
      task: taskId,
    }),
    z.object({ found: z.object({ seq: z.number(), index: z.number() }).nullable() }),
  ),
  /** Where `needle` begins in the bytes of one message, from byte `from` on (before it, `backward`); null: nowhere. */
  'sessions.search': call(
    z.object({
      session: sessionId,
      seq: count,
      needle: bytes.refine(({ length }) => length > 0 && length <= 4_096, 'a search is for 1 to 4096 bytes'),
      from: count,
      backward: z.boolean(),
    }),
    z.object({ at: z.number().nullable() }),
  ),
  /** The reads that brought bytes `[from, to)` of what a socket received, `offset` in its stream. At most 1000. */
  'sessions.reads': call(
    z.object({ session: sessionId, socket: socketId, from: count, to: count }),
    z.object({ reads: z.array(z.object({ offset: z.number(), at: z.number(), length: z.number() })) }),
  ),
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
  'sessions.statistics': call(
    z.object({
      session: sessionId,
      filter: filterText.optional(),
      pairing: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('order') }),
        z.object({ kind: z.literal('path'), request: filterText, reply: filterText }),
      ]),
      task: taskId,
    }),
    statisticsSchema,
  ),
  /** Bytes `[from, from + length)` of one message; `total` is its length. */
  'sessions.payload': call(
    z.object({ session: sessionId, seq: count, from: count, length: count.max(maxPayloadBytes) }),
    z.object({ bytes, total: z.number() }),
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
  /** How many records a save would write, and about how many bytes. */
  'sessions.estimate': call(
    z.object({ session: sessionId, format: z.enum(saveFormats), scope: scopeSchema, task: taskId }),
    z.object({ records: z.number(), bytes: z.number() }),
  ),
  /**
   * Guesses the framings of what was recorded of some sockets (all, where none is given), for each of the first 32 flows,
   * from its first 64 KiB.
   */
  'sessions.guessFramings': call(
    z.object({
      session: sessionId,
      sockets: z.array(socketId).max(100_000).optional(),
      /** Where no sockets are named: those of this endpoint alone. */
      endpoint: z.string().optional(),
      task: taskId,
    }),
    z.object({
      flows: z.array(
        z.object({
          socket: socketId,
          peer: z.string(),
          direction: z.enum(['in', 'out']),
          bytes: z.number(),
          guesses: z.array(
            z.object({
              framing: z.string(),
              protocols: z.array(z.string()),
              messages: z.number(),
              malformed: z.number(),
              unfinished: z.number(),
            }),
          ),
        }),
      ),
    }),
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

export type Contract = typeof contract;
export type CallName = keyof Contract;
export type CallInput<Name extends CallName> = z.infer<Contract[Name]['input']>;
export type CallOutput<Name extends CallName> = z.infer<Contract[Name]['output']>;

/** Every event that the engine pushes, once: numbers and states, never payloads. */
export const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('endpoints'), changed: z.array(endpointViewSchema), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('sockets'), changed: z.array(socketViewSchema), removed: z.array(z.number()) }),
  z.object({ kind: z.literal('sessions'), changed: z.array(sessionViewSchema), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('filters'), changed: z.array(filterStatusSchema) }),
  z.object({ kind: z.literal('marks'), session: z.string(), changed: z.array(markSchema) }),
  z.object({
    kind: z.literal('task.progress'),
    task: z.string(),
    done: z.number(),
    total: z.number(),
  }),
]);
export type WorkbenchEvent = z.infer<typeof eventSchema>;

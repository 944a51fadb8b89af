import { z } from 'zod';
import { exportOptionNames, saveFormats } from '../export/export-formats.ts';
import { framingSpecSchema } from '../framing/framing-schema.ts';
import { badFrames } from '../framing/spec.ts';
import { maxNoteLength } from '../record/record.ts';
import { documentPath, writtenPayloadSchema } from './documents.ts';
import {
  bytes,
  count,
  failureSchema,
  filterText,
  hasOneSource,
  jobId,
  openableSchema,
  pageEndpointConfigSchema,
  queryId,
  readHandleSchema,
  saveHandleSchema,
  sessionId,
  socketId,
  storedReferenceSchema,
} from './fields.ts';
import { jobInputSchema, jobViewSchema } from './jobs/catalogue.ts';
import { maxPingBytes, maxSendBytes } from './limits.ts';
import {
  appInfoSchema,
  endpointViewSchema,
  paceSchema,
  programViewSchema,
  queryStatusSchema,
  sampleSchema,
  scopeSchema,
  sessionViewSchema,
  settingsSchema,
  socketViewSchema,
  storedSessionSchema,
  systemOptionSchema,
} from './models.ts';
import { programCalls } from './programs.ts';
import { questionCalls } from './questions/catalogue.ts';
import { markSchema } from './records.ts';
import { workspaceCalls, workspaceEventSchema } from './workspace.ts';

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

/** The switches of all export formats. */
const optionShape = Object.fromEntries(exportOptionNames.map((name) => [name, z.boolean().optional()])) as Record<
  (typeof exportOptionNames)[number],
  z.ZodOptional<z.ZodBoolean>
>;

/** Every call that a page can make. The types of handlers, client and mocks derive from it. */
export const contract = {
  'app.info': call(nothing, appInfoSchema),
  'app.snapshot': call(
    nothing,
    z.object({
      endpoints: z.array(endpointViewSchema),
      sockets: z.array(socketViewSchema),
      sessions: z.array(sessionViewSchema),
      jobs: z.array(jobViewSchema),
      programs: z.array(programViewSchema),
    }),
  ),
  'settings.get': call(nothing, settingsSchema),
  'settings.set': call(settingsSchema.partial(), settingsSchema),
  'samples.list': call(nothing, z.array(sampleSchema)),

  'endpoints.create': call(pageEndpointConfigSchema, endpointViewSchema),
  /** Creates the endpoint that a document of the workspace describes, with the secrets and files that this machine has for it. */
  'endpoints.createFrom': call(z.object({ path: documentPath }), endpointViewSchema),
  'endpoints.update': call(z.object({ id: z.string().max(64), config: pageEndpointConfigSchema }), endpointViewSchema),
  'endpoints.remove': call(endpointRef, nothing),
  /** Removes the closed sockets of an endpoint from the list. Their records are kept. */
  'endpoints.clear': call(endpointRef, nothing),
  /** Starts a server or connects a client; answers when it listens or is connected. */
  'endpoints.open': call(endpointRef, endpointViewSchema),
  /**
   * Stops a server with its connections, or only its listener. Disconnects a client, also while it connects.
   */
  'endpoints.close': call(endpointRef.extend({ keepConnections: z.boolean().optional() }), endpointViewSchema),
  /** Starts or stops calling accept() on a server. While it is stopped, new connections fill the system's backlog. */
  'endpoints.accepting': call(z.object({ id: z.string().max(64), accepting: z.boolean() }), endpointViewSchema),
  /** Adds a UDP peer, which may not have sent anything, to a bound UDP socket; answers its socket. */
  'endpoints.addPeer': call(
    z.object({
      id: z.string().max(64),
      host: z.string().trim().min(1).max(255),
      port: z.number().int().min(1).max(65_535),
    }),
    socketRef,
  ),
  /** Returns the socket options of this system: their defaults, and why some are unavailable. */
  'system.options': call(nothing, z.object({ options: z.array(systemOptionSchema) })),

  /**
   * Sends one message to each socket: `bytes`, or the content of a file of any size. Answers when the kernel has accepted the bytes or
   * the socket failed. With `job`, progress is reported as `job.progress` and `jobs.cancel` ends it.
   */
  'sockets.send': call(
    z
      .object({
        sockets: z.array(socketId).min(1, 'no peer is selected').max(100_000),
        bytes: bytes.refine(({ length }) => length <= maxSendBytes, 'a message has at most 64 MiB').optional(),
        /** A file that the user selected. */
        file: readHandleSchema.optional(),
        /** A payload from which the main process makes the bytes, for each socket. */
        payload: writtenPayloadSchema.optional(),
        /** Adds the framing of the payload, or else of the socket, around the message, such as a line end. */
        frame: z.boolean(),
        pace: paceSchema.optional(),
        job: jobId.optional(),
      })
      .refine(hasOneSource, 'send either bytes, a payload or a file'),
    z.object({
      sent: z.array(z.object({ socket: z.number(), bytes: z.number(), error: failureSchema.optional() })),
    }),
  ),
  /** Stops or resumes reading. While it is stopped, received bytes queue in the kernel, and then at the peer. */
  'sockets.reading': call(z.object({ socket: socketId, reading: z.boolean() }), nothing),
  /**
   * Applies another framing from now on; kept bytes of an incomplete message are re-framed. Restarts a framing that has stopped at
   * malformed bytes, even if it is the same. `badFrame` is unchanged if left out.
   */
  'sockets.frame': call(
    z.object({ socket: socketId, framing: framingSpecSchema, badFrame: z.enum(badFrames).optional() }),
    nothing,
  ),
  /** Returns the first 16 KiB of a partly received message; `length` is the number of bytes received. */
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

  ...programCalls,
  ...workspaceCalls,
  ...questionCalls,
  /**
   * Creates a query: the records that match `filter`, of one endpoint if its id is given. Questions refer to it by `id`. `usesMarks`:
   * the matches depend on bookmarks or notes. Fails with `bad-input` if `filter` is invalid.
   */
  'sessions.query': call(
    z.object({ session: sessionId, filter: filterText, endpoint: z.string().max(64).optional() }),
    z.object({ id: queryId, usesMarks: z.boolean() }),
  ),
  /** Stops the search of a query and deletes it. */
  'sessions.endQuery': call(z.object({ session: sessionId, query: queryId }), nothing),
  /** Sets or removes the bookmark or note of a record; what is left out is unchanged. All pages are notified by `marks`. */
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
   * Writes a copy of a session to a place that the user selected. Progress is reported as `job.progress`; `jobs.cancel` ends it without
   * a file. Answers the path, for display. Formats have switches: see `exportOptionNames`.
   */
  'sessions.save': call(
    z.object({
      session: sessionId,
      format: z.enum(saveFormats),
      target: saveHandleSchema,
      job: jobId,
      scope: scopeSchema.optional(),
      ...optionShape,
    }),
    z.object({ path: z.string(), records: z.number(), bytes: z.number() }),
  ),
  /**
   * Re-frames the streams of some sockets (all, if none is given) into a new session and opens it. The recorded session is not changed.
   * Progress is reported as for a save.
   */
  'sessions.reframe': call(
    z.object({
      session: sessionId,
      sockets: z.array(socketId).max(100_000).optional(),
      /** If no sockets are named: only those of this endpoint. */
      endpoint: z.string().optional(),
      framing: framingSpecSchema,
      job: jobId,
    }),
    sessionViewSchema,
  ),
  /**
   * Ends the session that is being recorded and starts another one; answers the new one. Fails with `wrong-state` while an endpoint or a
   * socket is open: all records of a socket are in one session.
   */
  'sessions.begin': call(nothing, sessionViewSchema),
  /** Opens a session file, or imports a capture (pcap, pcapng) or JSON lines into a new session. Progress is reported as for a save. */
  'sessions.open': call(z.object({ file: openableSchema, job: jobId.optional() }), sessionViewSchema),
  /** Moves the session that is being recorded to a place that the user selected, also after the old place failed, and continues there. */
  'sessions.move': call(z.object({ session: sessionId, target: saveHandleSchema, job: jobId }), sessionViewSchema),
  /** Retries writing after recording has failed, for example when space was freed. */
  'sessions.retry': call(z.object({ session: sessionId }), sessionViewSchema),
  'sessions.rename': call(z.object({ session: sessionId, name: z.string().trim().min(1).max(120) }), sessionViewSchema),
  /** The sessions in the app's folder, the newest first. */
  'sessions.stored': call(nothing, z.object({ sessions: z.array(storedSessionSchema), folder: z.string() })),
  /** Deletes a session file of the app's folder that is not being recorded. */
  'sessions.delete': call(z.object({ stored: storedReferenceSchema }), nothing),
  'sessions.close': call(z.object({ session: sessionId }), nothing),
  /**
   * Starts a job, which continues without the page, and answers immediately. Its view is in the snapshot, and each change is pushed as
   * `jobs`. An ended job stays until the next one of its endpoint starts, `jobs.clear` removes it, or the endpoint is removed.
   */
  'jobs.start': call(jobInputSchema, jobViewSchema),
  /** Cancels a job of `jobs.start`, or the work of a call that was given this name. Nothing is sent afterwards. */
  'jobs.cancel': call(z.object({ job: jobId }), nothing),
  /** Removes an ended job from the list. */
  'jobs.clear': call(z.object({ job: jobId }), nothing),

  /**
   * The file dialogs of the host. They return handles of what the user selected, null for nothing. A host without dialogs answers
   * `unsupported`, and the page uses those of its browser.
   */
  'dialogs.save': call(
    z.object({ title: z.string().max(200), suggestedName: z.string().max(255) }),
    z.object({ target: z.string().nullable() }),
  ),
  'dialogs.open': call(
    z.object({
      title: z.string().max(200),
      /** `session`: files that can be opened as a session are listed first. `folder`: for `workspace.open` and `workspace.create`. */
      purpose: z.enum(['session', 'file', 'folder']),
    }),
    z.object({ file: z.string().nullable() }),
  ),
  /** Shows a document of the workspace in the system's file manager. Fails with `unsupported` in the browser host. */
  'documents.show': call(z.object({ path: documentPath }), nothing),
  /** Creates a one-time address from which the page can download a file that `sessions.save` writes to `target`. */
  'downloads.prepare': call(
    z.object({ suggestedName: z.string().min(1).max(255) }),
    z.object({ target: z.string(), url: z.string() }),
  ),
  /** Lists where a host without dialogs can record to: one new file in each of a few folders of this machine. */
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

/** Every event that the engine pushes: numbers and states, never payloads. */
export const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('endpoints'), changed: z.array(endpointViewSchema), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('sockets'), changed: z.array(socketViewSchema), removed: z.array(z.number()) }),
  z.object({ kind: z.literal('sessions'), changed: z.array(sessionViewSchema), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('queries'), changed: z.array(queryStatusSchema) }),
  z.object({ kind: z.literal('marks'), session: z.string(), changed: z.array(markSchema) }),
  /** The jobs of `jobs.start` that have changed, at most 30 times a second. */
  z.object({ kind: z.literal('jobs'), changed: z.array(jobViewSchema), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('programs'), changed: z.array(programViewSchema), removed: z.array(z.string()) }),
  workspaceEventSchema,
  /** The progress of the work of a call that was given the name `job`. */
  z.object({
    kind: z.literal('job.progress'),
    job: z.string(),
    done: z.number(),
    total: z.number(),
  }),
]);
export type WorkbenchEvent = z.infer<typeof eventSchema>;

import { z } from 'zod';
import { pathProblem } from '../document/document-path.ts';
import { transports } from '../socket/transports.ts';
import { bytes, count, failureSchema, filterText, folderHandleSchema, pageEndpointConfigSchema } from './fields.ts';

/*
 * The workspace as a page sees it: a folder of documents, the drafts that are not saved yet, and what belongs to this machine. A
 * document is named by its path in the workspace (`payloads/orders/new-order.json`).
 */

/** Maximum size of a document that is edited, in bytes. A larger payload is sent as a file. */
export const maxDocumentBytes = 16 * 1_048_576;
const maxVariables = 10_000;

/**
 * The path of a document or a folder: relative to the workspace, and one that each system allows. The main process also checks that it is
 * in a folder of documents, and that no part of it is a link.
 */
export const documentPath = z
  .string()
  .max(4_096)
  .refine((path) => pathProblem(path) === undefined, 'this is not a path in the workspace')
  .meta({ format: 'document-path' });
const version = z.string().min(1).max(200);
const shortText = z.string().max(200);
const note = z.string().max(65_536);
const variableName = z.string().min(1).max(120);

/** The colour of an endpoint's mark. */
export const endpointColours = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'grey'] as const;
/** The encodings of payloads. */
export const payloadEncodings = [
  'utf-8',
  'utf-8-bom',
  'utf-16le',
  'utf-16be',
  'latin-1',
  'windows-1252',
  'gbk',
  'shift_jis',
] as const;

/** A checksum as documents and the command line spell it: `NAME[:le|:be][:hex]`; over all bytes, or from `from` to `to`. */
export const checksumSchema = z.object({
  spec: z.string().min(1).max(80),
  /** Byte offsets; negative ones count from the end. Left out: from the first to the last byte. */
  from: z.number().int().optional(),
  to: z.number().int().optional(),
});

/** One entry of the workspace. */
const documentViewSchema = z.object({
  path: z.string(),
  /** The kind of document; `other` for a file that Wirebench does not use. */
  kind: z.enum(['folder', 'workspace', 'endpoint', 'payload', 'payload-meta', 'environment', 'send-list', 'other']),
  /** Bytes; 0 of a folder. */
  size: count,
  /** Changes with the content; empty for a folder and for a file that cannot be read. */
  version: z.string(),
  /** Why it cannot be used. It stays listed and is never overwritten. */
  problem: failureSchema.extend({ line: z.number().optional(), column: z.number().optional() }).optional(),
  /** Of an endpoint: what its row shows. */
  endpoint: z
    .object({
      name: z.string(),
      role: z.enum(['server', 'client']),
      transport: z.enum(transports),
      address: z.string(),
      colour: z.enum(endpointColours).optional(),
    })
    .optional(),
  /** Of a payload with a meta file: what its row shows. */
  payload: z
    .object({ template: z.boolean(), favourite: z.number().optional(), note: z.string().optional() })
    .optional(),
  /** The display name of the workspace, an environment or a send list. */
  name: z.string().optional(),
});
export type DocumentView = z.infer<typeof documentViewSchema>;

const workspaceViewSchema = z.object({
  /** Identifies the folder on this machine. */
  id: z.string(),
  name: z.string(),
  /** Its path, for display. */
  folder: z.string(),
  /** It is the workspace in the app's folder. */
  isDefault: z.boolean(),
  documents: z.array(documentViewSchema),
  /** Why the folder cannot be read at the moment; the documents are then those of before. */
  problem: failureSchema.optional(),
});
export type WorkspaceView = z.infer<typeof workspaceViewSchema>;

const recentWorkspaceSchema = z.object({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  /** Milliseconds since the epoch. */
  openedAt: z.number(),
  isMissing: z.boolean(),
});

/** The content of a document that is not edited as text. */
const documentValueSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('endpoint'),
    config: pageEndpointConfigSchema,
    colour: z.enum(endpointColours).optional(),
    note: note.optional(),
  }),
  z.object({
    kind: z.literal('payload-meta'),
    template: z.boolean(),
    encoding: z.enum(payloadEncodings),
    lineEnds: z.enum(['lf', 'crlf', 'cr']).optional(),
    /** As on the command line; left out: that of the endpoint; `raw`: none. */
    framing: shortText.optional(),
    checksum: checksumSchema.optional(),
    /** A JSON Schema: its path in the workspace. */
    schema: documentPath.optional(),
    /** 1 to 9: the key with which it is sent. */
    favourite: z.number().int().min(1).max(9).optional(),
    note: note.optional(),
  }),
  z.object({
    kind: z.literal('environment'),
    name: shortText.optional(),
    note: note.optional(),
    variables: z.array(z.object({ name: variableName, value: z.string().max(262_144) })).max(maxVariables),
    /** The names of secret variables. Their values are set with `secrets.set` and never returned. */
    secrets: z.array(variableName).max(1_000),
  }),
  z.object({
    kind: z.literal('send-list'),
    name: shortText.optional(),
    note: note.optional(),
    /** How many times the list runs; 0: until stopped. */
    loop: count.max(1_000_000_000),
    /** A CSV or JSON Lines file of the workspace: the list runs once per row. */
    rows: documentPath.optional(),
    steps: z
      .array(
        z.object({
          payload: z.string().min(1).max(4_096),
          enabled: z.boolean(),
          delayMs: count.max(86_400_000),
          count: z.number().int().min(1).max(1_000_000_000),
          /** A reply that must match, after each message of the step. */
          expect: z.object({ filter: filterText, timeoutMs: z.number().int().min(1).max(86_400_000) }).optional(),
          note: note.optional(),
        }),
      )
      .max(1_000),
  }),
]);
export type DocumentValue = z.infer<typeof documentValueSchema>;

/** The result of saving: on a conflict nothing was changed, and `theirs` is what is in the file now; left out where it is gone. */
const savedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('saved'), version: z.string() }),
  z.object({
    kind: z.literal('conflict'),
    theirs: z.object({ version: z.string(), bytes }).optional(),
  }),
]);
export type Saved = z.infer<typeof savedSchema>;

/** Text or bytes that a user has written and not saved. */
const documentDraftSchema = z.object({
  /** The path of the document, or a name for a new one. */
  key: z.string().min(1).max(4_096),
  bytes: bytes.refine(({ length }) => length <= maxDocumentBytes, 'a draft has at most 16 MiB'),
  /** The version that the user began with; `new` without a document. */
  basedOn: version,
  /** What the page needs to show it again. */
  details: z.record(z.string().max(64), z.unknown()),
});

/** A payload as it is written, from which the main process makes the bytes to send. */
export const writtenPayloadSchema = z.object({
  format: z.enum(['json', 'xml', 'text', 'hex']),
  text: z.string().max(maxDocumentBytes),
  encoding: z.enum(payloadEncodings),
  /** `{{ … }}` is replaced in each message. */
  template: z.boolean(),
  /** The environment of the template: its path. */
  environment: documentPath.optional(),
  checksum: checksumSchema.optional(),
});
export type WrittenPayload = z.infer<typeof writtenPayloadSchema>;

/** The place of a problem in a payload: lines and columns begin at 1. */
const payloadProblem = z.object({ message: z.string(), line: z.number(), column: z.number() });

const nothing = z.object({});
const move = z.object({ from: documentPath, to: documentPath });

/** The calls about the workspace and its documents. `workspace` events report changes by anyone else. */
export const workspaceCalls = {
  'workspace.get': { input: nothing, output: workspaceViewSchema },
  'workspace.recent': { input: nothing, output: z.object({ workspaces: z.array(recentWorkspaceSchema) }) },
  /** Opens a recent workspace, the default one (`default`), or a folder that the user selected in a dialog of the host. */
  'workspace.open': {
    input: z
      .object({ id: z.string().max(200).optional(), folder: folderHandleSchema.optional() })
      .refine(({ id, folder }) => (id === undefined) !== (folder === undefined), 'open either an id or a folder'),
    output: workspaceViewSchema,
  },
  /** Creates a workspace and opens it: in a folder that the user selected, or with its name in the app's folder. */
  'workspace.create': {
    input: z.object({ name: z.string().trim().min(1).max(120), folder: folderHandleSchema.optional() }),
    output: workspaceViewSchema,
  },
  'workspace.forget': { input: z.object({ id: z.string().max(200) }), output: nothing },
  /** Looks for changes by other programs now. */
  'workspace.rescan': { input: nothing, output: nothing },
  /** The tabs and the selection of this workspace, as the page saved them last; opaque for the main process. */
  'layout.get': { input: nothing, output: z.object({ layout: z.unknown() }) },
  'layout.keep': { input: z.object({ layout: z.unknown() }), output: nothing },

  'documents.read': { input: z.object({ path: documentPath }), output: z.object({ bytes, version: z.string() }) },
  /** Saves bytes if the file still has the version `basedOn`, or does not exist (`new`). */
  'documents.write': {
    input: z.object({
      path: documentPath,
      bytes: bytes.refine(({ length }) => length <= maxDocumentBytes, 'a document has at most 16 MiB'),
      basedOn: version,
    }),
    output: savedSchema,
  },
  /** Returns the content of a YAML document. `missing` names secrets and files that this machine does not have. */
  'documents.value': {
    input: z.object({ path: documentPath }),
    output: z.object({
      value: documentValueSchema,
      version: z.string(),
      notices: z.array(z.object({ text: z.string(), line: z.number().optional() })),
      missing: z.array(z.string()),
    }),
  },
  /**
   * Saves the content of a YAML document; comments, the order of keys and unknown keys of the file stay. A mark stands for the secret of
   * the document, or of `endpoint`, which the user configured in the window. The meta file of a payload is not created if all its values
   * are the defaults: the version is then `new`.
   */
  'documents.put': {
    input: z.object({
      path: documentPath,
      value: documentValueSchema,
      basedOn: version,
      endpoint: z.string().max(64).optional(),
    }),
    output: savedSchema,
  },
  'documents.createFolder': { input: z.object({ path: documentPath }), output: nothing },
  /** Moves or renames documents and folders, each with what belongs to it, all or none. */
  'documents.move': {
    input: z.object({ moves: z.array(move).min(1).max(1_000) }),
    output: nothing,
  },
  /** Copies a document with what belongs to it under a free name; answers the path. */
  'documents.duplicate': { input: z.object({ path: documentPath }), output: z.object({ path: z.string() }) },
  /** Deletes documents and folders, with what belongs to them; `undo` restores them until the workspace is closed. */
  'documents.remove': {
    input: z.object({ paths: z.array(documentPath).min(1).max(1_000) }),
    output: z.object({ undo: z.string() }),
  },
  'documents.restore': { input: z.object({ undo: z.string().max(200) }), output: nothing },

  'drafts.list': {
    input: nothing,
    output: z.object({
      drafts: z.array(documentDraftSchema.extend({ keptAt: z.number(), isOwn: z.boolean() })),
      problems: z.array(failureSchema),
    }),
  },
  /** Keeps a draft until it is dropped, also when the program ends or is killed; answers when it is on the disk. */
  'drafts.keep': { input: documentDraftSchema, output: nothing },
  'drafts.drop': { input: z.object({ key: z.string().min(1).max(4_096) }), output: nothing },

  /** The secrets of an environment that have a value on this machine, and how the values are protected. */
  'secrets.names': {
    input: z.object({ environment: documentPath }),
    output: z.object({ names: z.array(z.string()), protection: z.string() }),
  },
  'secrets.set': {
    input: z.object({ environment: documentPath, name: variableName, value: z.string().max(65_536) }),
    output: nothing,
  },
  'secrets.remove': { input: z.object({ environment: documentPath, name: variableName }), output: nothing },

  /**
   * Returns the bytes that a payload would be sent as, without the framing of a socket: the first 64 KiB, and the length. A template gets
   * the values of `socket`. `problem` is the first one that keeps it from being sent.
   */
  'payloads.preview': {
    input: z.object({ payload: writtenPayloadSchema, socket: z.number().int().min(1).optional() }),
    output: z.object({ bytes, length: count, problem: payloadProblem.optional(), usesSecret: z.boolean() }),
  },
} as const;

/** What has changed in the workspace, at most 10 times a second. With `replaced`, another workspace is open: ask for all again. */
export const workspaceEventSchema = z.object({
  kind: z.literal('workspace'),
  replaced: z.boolean(),
  changed: z.array(documentViewSchema),
  removed: z.array(z.string()),
  problem: failureSchema.optional(),
});

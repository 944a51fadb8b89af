import { z } from 'zod';
import {
  documentPath,
  documentValueSchema,
  documentViewSchema,
  maxDocumentBytes,
  variableName,
  version,
  writtenPayloadSchema,
} from './documents.ts';
import { bytes, count, failureSchema, folderHandleSchema } from './fields.ts';

/*
 * The workspace as a page sees it: a folder of documents, the drafts that are not saved yet, and what belongs to this machine. A
 * document is named by its path in the workspace (`payloads/orders/new-order.json`).
 */

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

/** The result of saving: on a conflict nothing was changed, and `theirs` is what is in the file now; left out where it is gone. */
const savedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('saved'), version: z.string() }),
  z.object({
    kind: z.literal('conflict'),
    theirs: z.object({ version: z.string(), bytes }).optional(),
  }),
]);
export type Saved = z.infer<typeof savedSchema>;

/** Identifies a page from its start to its end: pages do not replace each other's drafts. */
const pageId = z.string().max(64);

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

const draftId = z.string().max(200);
/** A draft on the disk; `isOwn` if the page that asks has kept it. */
const listedDraftSchema = documentDraftSchema.extend({ id: draftId, keptAt: z.number(), isOwn: z.boolean() });

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
    input: z.object({ page: pageId.optional() }),
    output: z.object({
      drafts: z.array(listedDraftSchema),
      problems: z.array(failureSchema),
    }),
  },
  /**
   * Keeps a draft until it is dropped, also when the program ends or is killed; answers when it is on the disk. The listed drafts
   * `takesOver`, which it replaces, are deleted then if their pages have ended.
   */
  'drafts.keep': {
    input: documentDraftSchema.extend({ page: pageId.optional(), takesOver: z.array(draftId).max(1_000).optional() }),
    output: nothing,
  },
  /** Deletes a draft of the page, and those of the same key that were listed for it, have not changed since, and whose pages have ended. */
  'drafts.drop': { input: z.object({ key: z.string().min(1).max(4_096), page: pageId.optional() }), output: nothing },
  /** Reports that a page has ended, which it cannot report itself after a crash: others may take over its drafts. */
  'drafts.end': { input: z.object({ page: pageId }), output: nothing },

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
   * the values of `socket`. `problem` is the first one that keeps it from being sent. With `at`, it is the text of the value at that offset
   * of a template instead, after the filter there.
   */
  'payloads.preview': {
    input: z.object({
      payload: writtenPayloadSchema,
      socket: z.number().int().min(1).optional(),
      /** UTF-16 units. */
      at: count.max(maxDocumentBytes).optional(),
    }),
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

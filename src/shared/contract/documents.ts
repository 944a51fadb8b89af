import { z } from 'zod';
import { pathProblem } from '../document/document-path.ts';
import { endpointColours } from '../document/file-fields.ts';
import { payloadEncodings } from '../document/kinds/payload.ts';
import { framingSpecSchema } from '../framing/framing-schema.ts';
import { transports } from '../socket/transports.ts';
import { count, failureSchema, filterText, pageEndpointConfigSchema } from './fields.ts';

/* The documents of a workspace as a page sees them, named by their paths in it (`payloads/orders/new-order.json`). */

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
export const version = z.string().min(1).max(200);
const shortText = z.string().max(200);
const note = z.string().max(65_536);
export const variableName = z.string().min(1).max(120);

/** A checksum as documents and the command line spell it (`parseChecksumSpec`); over all bytes, or from `from` to `to`. */
export const checksumSchema = z.object({
  spec: z.string().min(1).max(80),
  /** Byte offsets; negative ones count from the end. Left out: from the first to the last byte. */
  from: z.number().int().optional(),
  to: z.number().int().optional(),
});

/** One entry of the workspace. */
export const documentViewSchema = z.object({
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

/** The content of a document that is not edited as text. */
export const documentValueSchema = z.discriminatedUnion('kind', [
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
  /** The framing of the payload itself, which is added instead of that of the socket. A preview is without it. */
  framing: framingSpecSchema.optional(),
});
export type WrittenPayload = z.infer<typeof writtenPayloadSchema>;

import { z } from 'zod';
import { filesOf } from '../endpoint/configured-files.ts';
import { endpointConfigSchema } from '../endpoint/endpoint-schema.ts';
import { type Failure, failureCodes } from '../failure.ts';
import { maxFilterLength } from '../filter/ast.ts';
import { isReference, type ReferenceKind } from './file-reference.ts';

/* Fields that several calls share. */

export const socketId = z.number().int().min(1);
export const sessionId = z.string().max(64);
export const jobId = z.string().min(1).max(64);
/** The handle of a query: see `sessions.query`. */
export const queryId = z.string().min(1).max(64);
export const count = z.number().int().min(0);
export const filterText = z.string().max(maxFilterLength, `a filter has at most ${maxFilterLength} characters`);
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes are expected');

/** The input and output of a question to a session. */
interface QuestionSchema<Shape extends z.ZodRawShape, Output extends z.ZodType> {
  readonly input: z.ZodObject<Shape>;
  readonly output: Output;
  /** The answer includes everything recorded before the question, also records that are not in the file yet. */
  readonly flushes: boolean;
}

/** Declares a question by its input and output. */
export function question<Shape extends z.ZodRawShape, Output extends z.ZodType>(
  input: Shape,
  output: Output,
  { flushes = false }: { readonly flushes?: boolean } = {},
): QuestionSchema<Shape, Output> {
  return { input: z.object(input), output, flushes };
}

/**
 * What the schema of a type that is declared apart from it must have: a schema for each of its fields, and no more. The
 * types are declared apart so that a program which parses nothing need not load the schema library.
 */
type Shape<T> = { readonly [Key in keyof T]-?: z.ZodType<T[Key]> };

export const failureSchema = z.object({
  code: z.enum(failureCodes),
  message: z.string(),
  system: z.string(),
  hint: z.string(),
  freePort: z.number().optional(),
  checks: z.array(z.string()).optional(),
  certificate: z.object({ subject: z.string(), issuer: z.string(), fingerprint: z.string() }).optional(),
} satisfies Shape<Failure>);

const jobStates = ['running', 'done', 'cancelled', 'failed'] as const;

/** What the views of all jobs have in common. */
const baseShape = {
  id: z.string(),
  /** The endpoint that the job works on. It ends with this endpoint. */
  endpoint: z.string(),
  state: z.enum(jobStates),
  /** Milliseconds since the start; of an ended job, from its start to its end. */
  elapsedMs: z.number(),
  /** Why it failed. */
  error: failureSchema.optional(),
};

/**
 * Declares a kind of job: `input` is what it is started with, `view` what pages see of it, which is numbers and settings, never
 * payloads.
 */
export function jobSchema<Kind extends string, Input extends z.ZodRawShape, View extends z.ZodRawShape>(
  kind: Kind,
  input: Input,
  view: View,
) {
  return {
    input: z.object({ kind: z.literal(kind), ...input }),
    view: z.object({ kind: z.literal(kind), ...baseShape, ...view }),
  };
}

const notChosen = 'Select the file: a path is not accepted';

function referenceSchema(...kinds: readonly ReferenceKind[]) {
  return z.string().refine((text) => kinds.some((kind) => isReference(kind, text)), notChosen);
}

/** A file that the page can have read. */
export const readHandleSchema = referenceSchema('read');
/** A place to which the page can have one file written. */
export const saveHandleSchema = referenceSchema('save');
/** A folder that the user selected. */
export const folderHandleSchema = referenceSchema('folder');
/** A session file in the app's folder. */
export const storedReferenceSchema = referenceSchema('stored');
/** A file that can be opened as a session: one that was selected, or one of the app's folder. */
export const openableSchema = referenceSchema('read', 'stored');

/** Returns true where exactly one of the sources of a message is given. */
export function hasOneSource({
  bytes: own,
  payload,
  file,
}: {
  readonly bytes?: unknown;
  readonly payload?: unknown;
  readonly file?: unknown;
}): boolean {
  return [own, payload, file].filter((source) => source !== undefined).length === 1;
}

/** A configuration from a page: it names files by references, not by paths. */
export const pageEndpointConfigSchema = endpointConfigSchema.superRefine((config, context) => {
  for (const { path, reference } of filesOf(config)) {
    const isKnown = isReference('read', reference) || (path[0] === 'behaviour' && isReference('sample', reference));
    if (!isKnown) context.addIssue({ code: 'custom', path: [...path], message: notChosen });
  }
});

import { z } from 'zod';
import { failureSchema } from '../fields.ts';

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

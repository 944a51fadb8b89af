import { z } from 'zod';
import { jobId, sessionId } from '../fields.ts';
import { estimateSchema } from './estimate.ts';
import { findSchema } from './find.ts';
import { guessFramingsSchema } from './guess-framings.ts';
import { locateSchema } from './locate.ts';
import { payloadSchema } from './payload.ts';
import { readsSchema } from './reads.ts';
import { searchSchema } from './search.ts';
import { statisticsQuestionSchema } from './statistics.ts';
import { windowSchema } from './window.ts';

/** Every question that a page may ask a session, by kind. The calls `sessions.<kind>` derive from it. */
export const questionSchemas = {
  window: windowSchema,
  locate: locateSchema,
  find: findSchema,
  search: searchSchema,
  reads: readsSchema,
  payload: payloadSchema,
  statistics: statisticsQuestionSchema,
  estimate: estimateSchema,
  guessFramings: guessFramingsSchema,
} as const;

type Schemas = typeof questionSchemas;
export type PageQuestion = keyof Schemas;
export type PageQuestionInput<Kind extends PageQuestion> = z.infer<Schemas[Kind]['input']>;
export type PageQuestionOutput<Kind extends PageQuestion> = z.infer<Schemas[Kind]['output']>;

type AskedInput<Input> =
  Input extends z.ZodObject<infer Shape>
    ? z.ZodObject<Shape & { session: typeof sessionId; job: z.ZodOptional<typeof jobId> }>
    : never;

/** The calls that ask the questions. `job` identifies progress reports, and `jobs.cancel` ends it. */
type QuestionCalls = {
  readonly [Kind in PageQuestion as `sessions.${Kind}`]: {
    readonly input: AskedInput<Schemas[Kind]['input']>;
    readonly output: Schemas[Kind]['output'];
  };
};

export const questionCalls = Object.fromEntries(
  Object.entries(questionSchemas).map(([kind, { input, output }]) => [
    `sessions.${kind}`,
    { input: z.object({ ...input.shape, session: sessionId, job: jobId.optional() }), output },
  ]),
) as unknown as QuestionCalls;

import { z } from 'zod';
import { saveFormats } from '../../export/export-formats.ts';
import { jobId, question, sessionId } from '../fields.ts';
import { scopeSchema } from '../models.ts';
import { findSchema, locateSchema, searchSchema } from './find.ts';
import { guessFramingsSchema } from './guess-framings.ts';
import { insightsSchema } from './insights.ts';
import { lessonProgressSchema } from './lesson-progress.ts';
import { otherEndSchema, payloadSchema, readsSchema, windowSchema } from './rows.ts';
import { statisticsQuestionSchema } from './statistics.ts';

/** The number of records that a save would write, and approximately the number of bytes. */
const estimateSchema = question(
  { format: z.enum(saveFormats), scope: scopeSchema },
  z.object({ records: z.number(), bytes: z.number() }),
);

/** Every question that a page may ask a session, by kind. The calls `sessions.<kind>` derive from it. */
export const questionSchemas = {
  window: windowSchema,
  locate: locateSchema,
  find: findSchema,
  search: searchSchema,
  reads: readsSchema,
  otherEnd: otherEndSchema,
  payload: payloadSchema,
  statistics: statisticsQuestionSchema,
  estimate: estimateSchema,
  guessFramings: guessFramingsSchema,
  insights: insightsSchema,
  lessonProgress: lessonProgressSchema,
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

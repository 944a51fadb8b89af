import { z } from 'zod';
import { jobId, sessionId } from '../fields.ts';
import { type PageQuestion, questionSchemas } from './catalogue.ts';

type Schemas = typeof questionSchemas;
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

import { z } from 'zod';
import { sessionId, taskId } from '../fields.ts';
import { type PageQuestion, questionSchemas } from './catalogue.ts';

type Schemas = typeof questionSchemas;
type AskedInput<Input> =
  Input extends z.ZodObject<infer Shape>
    ? z.ZodObject<Shape & { session: typeof sessionId; task: z.ZodOptional<typeof taskId> }>
    : never;

/** The calls that ask the questions. `task` identifies progress reports, and `tasks.cancel` ends it. */
type QuestionCalls = {
  readonly [Kind in PageQuestion as `sessions.${Kind}`]: {
    readonly input: AskedInput<Schemas[Kind]['input']>;
    readonly output: Schemas[Kind]['output'];
  };
};

export const questionCalls = Object.fromEntries(
  Object.entries(questionSchemas).map(([kind, { input, output }]) => [
    `sessions.${kind}`,
    { input: z.object({ ...input.shape, session: sessionId, task: taskId.optional() }), output },
  ]),
) as unknown as QuestionCalls;

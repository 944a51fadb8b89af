import { z } from 'zod';

/** What a question to a session is given and what it answers. */
interface QuestionSchema<Shape extends z.ZodRawShape, Output extends z.ZodType> {
  readonly input: z.ZodObject<Shape>;
  readonly output: Output;
  /** Everything recorded before the question was asked is in the answer, also what is not in the file yet. */
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

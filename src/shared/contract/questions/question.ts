import { z } from 'zod';

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

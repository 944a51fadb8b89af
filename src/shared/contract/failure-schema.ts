import { z } from 'zod';
import { type Failure, failureCodes } from '../failure.ts';

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

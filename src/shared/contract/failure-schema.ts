import { z } from 'zod';
import { type Failure, failureCodes } from '../failure.ts';
import type { Shape } from './shape.ts';

export const failureSchema = z.object({
  code: z.enum(failureCodes),
  message: z.string(),
  system: z.string(),
  hint: z.string(),
  freePort: z.number().optional(),
  checks: z.array(z.string()).optional(),
  certificate: z.object({ subject: z.string(), issuer: z.string(), fingerprint: z.string() }).optional(),
} satisfies Shape<Failure>);

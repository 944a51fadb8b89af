import { z } from 'zod';
import { scopeSchema } from '../models.ts';
import { saveFormats } from '../save-formats.ts';
import { question } from './question.ts';

/** How many records a save would write, and about how many bytes. */
export const estimateSchema = question(
  { format: z.enum(saveFormats), scope: scopeSchema },
  z.object({ records: z.number(), bytes: z.number() }),
);

import { z } from 'zod';
import { saveFormats } from '../../export/export-formats.ts';
import { question } from '../fields.ts';
import { scopeSchema } from '../models.ts';

/** The number of records that a save would write, and approximately the number of bytes. */
export const estimateSchema = question(
  { format: z.enum(saveFormats), scope: scopeSchema },
  z.object({ records: z.number(), bytes: z.number() }),
);

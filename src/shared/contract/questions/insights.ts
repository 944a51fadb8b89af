import { z } from 'zod';
import { type Insight, severities } from '../../insights/insight.ts';
import { question } from '../fields.ts';

const insightSchema: z.ZodType<Insight> = z.object({
  id: z.string(),
  severity: z.enum(severities),
  socket: z.number(),
  sentence: z.string(),
  advice: z.string(),
  evidence: z.array(z.number()),
});

/** The insights of the records that the session has now, in the order in which they were found; at most 10 000. */
export const insightsSchema = question({}, z.object({ insights: z.array(insightSchema) }), { flushes: true });

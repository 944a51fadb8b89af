import { z } from 'zod';
import { count, queryId, question } from '../fields.ts';

/** A record and its place; null where nothing matches. */
export const locatedSchema = z.object({ found: z.object({ seq: z.number(), index: z.number() }).nullable() });

/**
 * Finds a record among those that match a query (all records, if left out): the first one from record `seq` on or from the time `at` on
 * (milliseconds since the epoch), else the last one. `index` is the number of matches before it.
 */
export const locateSchema = question(
  { query: queryId.optional(), seq: count.optional(), at: z.number().optional() },
  locatedSchema,
);

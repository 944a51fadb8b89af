import { z } from 'zod';
import { bytes, count, filterText, queryId, question } from '../fields.ts';

/** A record and its place; null where nothing matches. */
const locatedSchema = z.object({ found: z.object({ seq: z.number(), index: z.number() }).nullable() });

/**
 * Finds a record among those that match a query (all records, if left out): the first one from record `seq` on or from the time `at` on
 * (milliseconds since the epoch), else the last one. `index` is the number of matches before it.
 */
export const locateSchema = question(
  { query: queryId.optional(), seq: count.optional(), at: z.number().optional() },
  locatedSchema,
);

/** The next record after `from` (before it, `backward`) that the filter `find` matches, among those that match a query. */
export const findSchema = question(
  {
    find: filterText,
    query: queryId.optional(),
    /** −1 to search from the start; the number of records to search backward from the end. */
    from: z.number().int().min(-1),
    backward: z.boolean(),
  },
  locatedSchema,
);

/**
 * Finds `needle` in the bytes of one message, framing included: returns the first offset from byte `from` on, or with `backward` the
 * last one before it; null if there is no match.
 */
export const searchSchema = question(
  {
    seq: count,
    needle: bytes.refine(({ length }) => length > 0 && length <= 4_096, 'a search is for 1 to 4096 bytes'),
    from: count,
    backward: z.boolean(),
  },
  z.object({ at: z.number().nullable() }),
);

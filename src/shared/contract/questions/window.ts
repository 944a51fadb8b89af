import { z } from 'zod';
import { count, queryId, question } from '../fields.ts';
import { maxWindowRows } from '../limits.ts';
import { rowSchema, socketInfoSchema } from '../records.ts';

/**
 * Returns rows `[first, first + count)` of the records that match a query (all records, if left out), as far as the search has
 * progressed: `matched` among the first `scanned` of `total` records. The question starts the search, which continues up to the end that
 * the session had when it was last asked; `queries` events report the progress. `sockets` are those of the rows.
 */
export const windowSchema = question(
  { query: queryId.optional(), first: count, count: count.max(maxWindowRows) },
  z.object({
    total: z.number(),
    matched: z.number(),
    scanned: z.number(),
    rows: z.array(rowSchema),
    sockets: z.array(socketInfoSchema),
  }),
);

import { z } from 'zod';
import { count, queryId } from '../fields.ts';
import { maxWindowRows } from '../limits.ts';
import { rowSchema, socketInfoSchema } from '../records.ts';
import { question } from './question.ts';

/**
 * Rows `[first, first + count)` among those that match a query (all records, where it is left out), as far as the search has
 * come: `matched` among the first `scanned` of `total` records. Asking starts the search, which goes on by itself to where
 * the session ended when it was last asked; `queries` events report how far it is. `sockets` are those that the rows name.
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

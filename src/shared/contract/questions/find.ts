import { z } from 'zod';
import { filterText, queryId, question } from '../fields.ts';
import { locatedSchema } from './locate.ts';

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

import { z } from 'zod';
import { filterText, question } from '../fields.ts';
import { statisticsSchema } from '../statistics.ts';

/** All statistics, of all records or those that match a filter. */
export const statisticsQuestionSchema = question(
  {
    filter: filterText.optional(),
    pairing: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('order') }),
      z.object({ kind: z.literal('path'), request: filterText, reply: filterText }),
    ]),
  },
  statisticsSchema,
);

import type { z } from 'zod';
import { estimateSchema } from './estimate.ts';
import { findSchema } from './find.ts';
import { guessFramingsSchema } from './guess-framings.ts';
import { locateSchema } from './locate.ts';
import { payloadSchema } from './payload.ts';
import { readsSchema } from './reads.ts';
import { searchSchema } from './search.ts';
import { statisticsQuestionSchema } from './statistics.ts';
import { windowSchema } from './window.ts';

/** Every question that a page may ask a session, by kind. The calls `sessions.<kind>` derive from it. */
export const questionSchemas = {
  window: windowSchema,
  locate: locateSchema,
  find: findSchema,
  search: searchSchema,
  reads: readsSchema,
  payload: payloadSchema,
  statistics: statisticsQuestionSchema,
  estimate: estimateSchema,
  guessFramings: guessFramingsSchema,
} as const;

type Schemas = typeof questionSchemas;
export type PageQuestion = keyof Schemas;
export type PageQuestionInput<Kind extends PageQuestion> = z.infer<Schemas[Kind]['input']>;
export type PageQuestionOutput<Kind extends PageQuestion> = z.infer<Schemas[Kind]['output']>;

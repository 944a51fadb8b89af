import { z } from 'zod';
import { count, filterText, question } from '../fields.ts';

/** What shows that a step of a lesson was done: see docs/lessons.md. `after` is the number of an earlier step. */
const conditionSchema = z.object({
  filter: filterText,
  count: z.number().int().min(1).max(1_000_000),
  per: z.enum(['session', 'socket']),
  after: count.max(49).optional(),
  on: z.enum(['same socket', 'same program', 'other end']),
});

/** A lesson as a page shows it. All texts are plain text. */
export const lessonViewSchema = z.object({
  name: z.string(),
  title: z.string(),
  introduction: z.string(),
  programs: z.array(z.string()).readonly(),
  steps: z
    .array(
      z.object({
        title: z.string(),
        try: z.string(),
        hint: z.string().optional(),
        command: z.string().optional(),
        missing: z.string(),
        done: conditionSchema,
      }),
    )
    .readonly(),
});

/** Returns how far the steps of a lesson are: done or not, the number of records that count, and the number of the first one. */
export const lessonProgressSchema = question(
  { steps: z.array(conditionSchema).max(50) },
  z.object({ steps: z.array(z.object({ done: z.boolean(), matches: z.number(), first: z.number().optional() })) }),
  { flushes: true },
);

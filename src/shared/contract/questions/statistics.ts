import { z } from 'zod';
import type { Distribution, Flow, Rates, ReplyTimes, Statistics } from '../../statistics/statistics.ts';
import { filterText, question } from '../fields.ts';
import { socketInfoSchema } from '../records.ts';

/* Statistics as the page receives them. Each schema is checked against its interface. */

const count = z.number().int().min(0);
const seq = count;

const distributionSchema: z.ZodType<Distribution> = z.object({
  count,
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  p999: z.number(),
  buckets: z.array(z.object({ from: z.number(), to: z.number(), count })),
});

const flowSchema: z.ZodType<Flow> = z.object({
  socket: count,
  direction: z.enum(['in', 'out']),
  messages: count,
  bytes: count,
  firstAt: z.number(),
  lastAt: z.number(),
  sizes: distributionSchema,
  gaps: distributionSchema,
});

const ratesSchema: z.ZodType<Rates> = z.object({
  startAt: z.number(),
  stepMs: z.number(),
  messagesIn: z.array(count),
  messagesOut: z.array(count),
  bytesIn: z.array(count),
  bytesOut: z.array(count),
});

const replyTimesSchema: z.ZodType<ReplyTimes> = z.object({
  requests: count,
  replies: count,
  unanswered: count,
  duplicates: count,
  unexpected: count,
  unkeyed: count,
  untimed: count,
  times: distributionSchema,
  slowest: z.array(z.object({ request: seq, reply: seq, ms: z.number() })),
  firstUnanswered: z.array(seq),
});

export const statisticsSchema: z.ZodType<Statistics> = z.object({
  records: count,
  events: count,
  problems: count,
  firstAt: z.number(),
  lastAt: z.number(),
  socketCount: count,
  total: z.tuple([flowSchema, flowSchema]),
  flows: z.array(flowSchema),
  moreFlows: count,
  sockets: z.array(socketInfoSchema),
  untracked: count,
  rates: ratesSchema,
  replies: replyTimesSchema,
});

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

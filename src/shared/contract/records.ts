import { z } from 'zod';
import type { Mark } from '../record/record.ts';
import { kindCodes, type Row, type SocketInfo } from '../record/record.ts';
import { transports } from '../socket/transports.ts';
import { socketEventSchema } from './socket-event.ts';

/* Records as the page receives them. Each schema is checked against its interface. */

export const rowSchema: z.ZodType<Row> = z.object({
  seq: z.number(),
  at: z.number(),
  kind: z.enum(Object.keys(kindCodes) as [Row['kind'], ...Row['kind'][]]),
  socket: z.number(),
  offset: z.number(),
  length: z.number(),
  head: z.number(),
  tail: z.number(),
  flags: z.number(),
  preview: z.string(),
  event: socketEventSchema.optional(),
  mark: z.object({ bookmarked: z.boolean(), note: z.string() }).optional(),
});

export const socketInfoSchema: z.ZodType<SocketInfo> = z.object({
  id: z.number(),
  role: z.enum(['listener', 'accepted', 'outgoing']),
  transport: z.enum(transports),
  endpoint: z.string(),
  name: z.string(),
  local: z.string(),
  peer: z.string(),
  framing: z.string(),
  unconnected: z.boolean().optional(),
});

export const markSchema: z.ZodType<Mark> = z.object({ seq: z.number(), bookmarked: z.boolean(), note: z.string() });

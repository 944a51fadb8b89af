import { z } from 'zod';
import type { Mark } from '../record/marks.ts';
import { kindCodes, type Row, type SocketInfo } from '../record/record.ts';
import type { SocketEvent } from '../socket/event.ts';

/* Records as the page gets them. What `record` and `socket` say of them is checked where they are read from a file. */

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
  event: z.custom<SocketEvent>((value) => typeof value === 'object' && value !== null).optional(),
  mark: z.object({ bookmarked: z.boolean(), note: z.string() }).optional(),
});

export const socketInfoSchema = z.custom<SocketInfo>((value) => typeof value === 'object' && value !== null);

export const markSchema: z.ZodType<Mark> = z.object({ seq: z.number(), bookmarked: z.boolean(), note: z.string() });

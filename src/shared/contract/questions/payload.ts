import { z } from 'zod';
import { bytes, count, question } from '../fields.ts';
import { maxPayloadBytes } from '../limits.ts';

/** Returns bytes `[from, from + length)` of one message, framing included; `total` is its length, 0 for an event. */
export const payloadSchema = question(
  { seq: count, from: count, length: count.max(maxPayloadBytes) },
  z.object({ bytes, total: z.number() }),
);

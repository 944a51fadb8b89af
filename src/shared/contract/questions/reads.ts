import { z } from 'zod';
import { count, question, socketId } from '../fields.ts';

/**
 * Returns the reads that delivered bytes `[from, to)` of a socket's input: `length` bytes from `offset` of its stream on, `at` in
 * milliseconds since the epoch. At most 1000.
 */
export const readsSchema = question(
  { socket: socketId, from: count, to: count },
  z.object({ reads: z.array(z.object({ offset: z.number(), at: z.number(), length: z.number() })) }),
);

import { z } from 'zod';
import { count, socketId } from '../fields.ts';
import { question } from './question.ts';

/**
 * The reads that brought bytes `[from, to)` of what a socket received: `length` bytes from `offset` of its stream on, `at` in
 * milliseconds since the epoch. At most 1000.
 */
export const readsSchema = question(
  { socket: socketId, from: count, to: count },
  z.object({ reads: z.array(z.object({ offset: z.number(), at: z.number(), length: z.number() })) }),
);

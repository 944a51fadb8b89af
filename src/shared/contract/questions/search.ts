import { z } from 'zod';
import { bytes, count, question } from '../fields.ts';

/**
 * Finds `needle` in the bytes of one message, framing included: returns the first offset from byte `from` on, or with `backward` the
 * last one before it; null if there is no match.
 */
export const searchSchema = question(
  {
    seq: count,
    needle: bytes.refine(({ length }) => length > 0 && length <= 4_096, 'a search is for 1 to 4096 bytes'),
    from: count,
    backward: z.boolean(),
  },
  z.object({ at: z.number().nullable() }),
);

import { z } from 'zod';
import { bytes, count } from '../fields.ts';
import { question } from './question.ts';

/**
 * Where `needle` begins in the bytes of one message, framing included: the first place from byte `from` on, or the last one
 * before it where `backward`; null: nowhere.
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

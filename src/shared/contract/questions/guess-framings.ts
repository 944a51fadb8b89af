import { z } from 'zod';
import { question, socketId } from '../fields.ts';

/**
 * Guesses the framings of the recorded streams of some sockets (all, if none is given) for each of the first 32 flows, from its first
 * 64 KiB. `bytes` is the number of bytes examined; the best guess comes first.
 */
export const guessFramingsSchema = question(
  {
    sockets: z.array(socketId).max(100_000).readonly().optional(),
    /** If no sockets are named: only those of this endpoint. */
    endpoint: z.string().optional(),
  },
  z.object({
    flows: z.array(
      z.object({
        socket: socketId,
        peer: z.string(),
        direction: z.enum(['in', 'out']),
        bytes: z.number(),
        guesses: z.array(
          z.object({
            framing: z.string(),
            protocols: z.array(z.string()),
            messages: z.number(),
            malformed: z.number(),
            unfinished: z.number(),
          }),
        ),
      }),
    ),
  }),
  { flushes: true },
);

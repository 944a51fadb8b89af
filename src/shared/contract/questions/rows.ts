import { z } from 'zod';
import { bytes, count, queryId, question, socketId } from '../fields.ts';
import { maxPayloadBytes, maxWindowRows } from '../limits.ts';
import { rowSchema, socketInfoSchema } from '../records.ts';

/**
 * Returns rows `[first, first + count)` of the records that match a query (all records, if left out), as far as the search has
 * progressed: `matched` among the first `scanned` of `total` records. The question starts the search, which continues up to the end that
 * the session had when it was last asked; `queries` events report the progress. `sockets` are those of the rows.
 */
export const windowSchema = question(
  { query: queryId.optional(), first: count, count: count.max(maxWindowRows) },
  z.object({
    total: z.number(),
    matched: z.number(),
    scanned: z.number(),
    rows: z.array(rowSchema),
    sockets: z.array(socketInfoSchema),
  }),
);

/**
 * Returns the reads that delivered bytes `[from, to)` of a socket's input: `length` bytes from `offset` of its stream on, `at` in
 * milliseconds since the epoch. At most 1000.
 */
export const readsSchema = question(
  { socket: socketId, from: count, to: count },
  z.object({ reads: z.array(z.object({ offset: z.number(), at: z.number(), length: z.number() })) }),
);

/** Returns the socket of the session that is the other end of the connection of `socket`; null where none of them is. */
export const otherEndSchema = question({ socket: socketId }, z.object({ other: socketInfoSchema.nullable() }));

/** Returns bytes `[from, from + length)` of one message, framing included; `total` is its length, 0 for an event. */
export const payloadSchema = question(
  { seq: count, from: count, length: count.max(maxPayloadBytes) },
  z.object({ bytes, total: z.number() }),
);

import { z } from 'zod';
import { writtenPayloadSchema } from '../documents.ts';
import { bytes, count, filterText, hasOneSource, jobSchema, readHandleSchema, socketId } from '../fields.ts';
import { maxJobMs, maxSendBytes } from '../limits.ts';
import { paceSchema } from '../models.ts';

const declared = jobSchema(
  'one-shot',
  {
    /** A client that is not connected. */
    endpoint: z.string().max(64),
    bytes: bytes.refine(({ length }) => length <= maxSendBytes, 'a message has at most 64 MiB').optional(),
    /** A payload from which the main process makes the bytes. */
    payload: writtenPayloadSchema.optional(),
    /** A file that the user selected. */
    file: readHandleSchema.optional(),
    /** Adds the framing of the payload, or else of the client, around the message. */
    frame: z.boolean(),
    pace: paceSchema.optional(),
    /** What ends the wait: a received message, one that matches `filter`, or the end of the connection. */
    until: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('message') }),
      z.object({ kind: z.literal('filter'), filter: filterText }),
      z.object({ kind: z.literal('close') }),
    ]),
    /** Maximum time to wait, from the end of the send. */
    waitMs: z.number().int().min(1).max(maxJobMs),
  },
  {
    phase: z.enum(['connecting', 'sending', 'waiting', 'closing']),
    /** The socket of the connection, once it is made. */
    socket: socketId.optional(),
    /** Bytes of the message that the kernel has accepted. */
    sentBytes: count,
    /** Messages received on the connection. */
    received: count,
    /** The numbers of the first and the last record of what was waited for; left out until the wait has ended, and without one. */
    records: z.object({ first: count, last: count }).optional(),
  },
);

/** Connects a client, sends one message, waits for the answer and closes the connection. Fails if one of these does. */
export const oneShotJob = {
  ...declared,
  input: declared.input.refine(hasOneSource, 'send either bytes, a payload or a file'),
};

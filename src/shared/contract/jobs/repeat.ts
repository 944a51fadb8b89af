import { z } from 'zod';
import { writtenPayloadSchema } from '../documents.ts';
import { bytes, count, filterText, hasOneSource, jobSchema, readHandleSchema, socketId } from '../fields.ts';
import { maxJobMs, maxRepeatCount, maxSendBytes } from '../limits.ts';
import { paceSchema } from '../models.ts';

const milliseconds = z.number().int().min(0).max(maxJobMs);

/** The timing of a repeated send, as a page sets it and sees it. */
const timing = {
  /** How many times the payload is sent; left out: until stopped. */
  count: z.number().int().min(1).max(maxRepeatCount).optional(),
  /** Minimum time from the start of one message to the start of the next. */
  intervalMs: milliseconds,
  /** A random delay from 0 to this much is added to each interval. */
  jitterMs: milliseconds,
};

const declared = jobSchema(
  'repeat',
  {
    sockets: z.array(socketId).min(1, 'no peer is selected').max(100_000),
    bytes: bytes.refine(({ length }) => length <= maxSendBytes, 'a message has at most 64 MiB').optional(),
    /** A file that the user selected, instead of `bytes`. */
    file: readHandleSchema.optional(),
    /** A payload from which the main process makes the bytes, for each message and socket. */
    payload: writtenPayloadSchema.optional(),
    /** Adds the framing of the payload, or else of the socket, around the message. */
    frame: z.boolean(),
    pace: paceSchema.optional(),
    ...timing,
    /** Waits up to `waitMs` for a received message that matches `filter` before the next message; fails without one. */
    reply: z.object({ filter: filterText, waitMs: milliseconds.min(1) }).optional(),
  },
  {
    ...timing,
    /** How many times the payload was sent completely. */
    sent: count,
    /** Sends that failed on one socket. */
    failed: count,
    /** Messages received on the sockets since the start. */
    replies: count,
    /** Milliseconds from the start to the next message; left out while a message is being sent or a reply is awaited. */
    nextMs: z.number().optional(),
  },
);

/**
 * Sends one payload repeatedly to each of the sockets, which belong to one endpoint. A message goes out after all sockets have taken the
 * one before. A socket that cannot be sent to is left out from then on; the job fails when none remains.
 */
export const repeatJob = {
  ...declared,
  input: declared.input.refine(hasOneSource, 'send either bytes, a payload or a file'),
};

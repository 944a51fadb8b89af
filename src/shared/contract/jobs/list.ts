import { z } from 'zod';
import { documentPath } from '../documents.ts';
import { count, jobSchema, readHandleSchema, socketId } from '../fields.ts';

/**
 * Sends a list of the workspace to each of the sockets, which belong to one endpoint: the enabled steps in their order, for each row and
 * as many times as the list says. A step that expects a reply waits for it after each of its messages; the job fails without one, and
 * says which step it was. A socket that cannot be sent to is left out from then on; the job fails when none remains.
 */
export const listJob = jobSchema(
  'list',
  {
    sockets: z.array(socketId).min(1, 'no peer is selected').max(100_000),
    list: documentPath,
    /** The environment of its templates. */
    environment: documentPath.optional(),
    /** A CSV or JSON Lines file that the user selected, instead of the rows that the list names. */
    rows: readHandleSchema.optional(),
  },
  {
    list: z.string(),
    /** A payload contains a secret of the environment. */
    usesSecret: z.boolean(),
    /** The place of the current step among all steps of the list, from 0; left out before the first one. */
    step: count.optional(),
    /** The current row, from 1; 0 without rows. */
    row: count,
    /** The current run of the list, from 1. */
    loop: count,
    /** How many times the list runs; left out: until stopped. */
    loops: count.optional(),
    phase: z.enum(['waiting', 'sending', 'replying']),
    /** Messages that were sent completely. */
    sent: count,
    /** Sends that failed on one socket. */
    failed: count,
    /** Messages received on the sockets since the start. */
    replies: count,
  },
);

import { z } from 'zod';
import { maxFilterLength } from '../filter/ast.ts';

/* Fields that several calls share. */

export const socketId = z.number().int().min(1);
export const sessionId = z.string().max(64);
export const jobId = z.string().min(1).max(64);
/** The handle of a query: see `sessions.query`. */
export const queryId = z.string().min(1).max(64);
export const count = z.number().int().min(0);
export const filterText = z.string().max(maxFilterLength, `a filter has at most ${maxFilterLength} characters`);
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes are expected');

import { messageFlags } from '../message/flags.ts';
import type { Row, SocketInfo } from '../record/record.ts';
import { eventKindOf } from '../socket/event.ts';
import type { ExplainedCall } from '../socket/python-words.ts';
import { isPartOfHandshake, partOfHandshake } from './handshake-calls.ts';
import { type MessageRead, receivedCalls, sentCalls } from './message-calls.ts';

/**
 * Returns the calls that a record stands for, as Python's `socket` module names them. Wirebench makes the same system
 * calls through libuv. Pure; `info` is undefined where the socket is not known.
 */
export function callsOf(
  row: Pick<Row, 'kind' | 'length' | 'event'> & Partial<Pick<Row, 'flags'>>,
  info: SocketInfo | undefined,
  { reads = [], whole = 0, request = [] }: CallFacts = {},
): readonly ExplainedCall[] {
  const isIncomplete = ((row.flags ?? 0) & messageFlags.incomplete) !== 0;
  if (row.kind === 'in') return receivedCalls(row.length, info, reads, isIncomplete ? { whole } : undefined);
  if (row.kind === 'out') return sentCalls(row.length, info);
  if (!row.event) return [];
  const calls = eventKindOf(row.event.kind).calls(row.event, info, request);
  return isPartOfHandshake(row.event, info) ? calls.map((call) => partOfHandshake(call, info)) : calls;
}

/** What is known of a record beside its row. */
interface CallFacts {
  /** The reads that brought a received message, in order. */
  readonly reads?: readonly MessageRead[];
  /** The length that an incomplete message declares; 0 where it declares none. */
  readonly whole?: number;
  /** The lines of the request with which a WebSocket's handshake began. */
  readonly request?: readonly string[];
}

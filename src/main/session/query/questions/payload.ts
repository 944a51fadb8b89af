import type { PageQuestionInput } from '#shared/contract/questions/catalogue.ts';
import type { Result } from '#shared/failure.ts';
import { noRecord } from '../../format/failures.ts';
import type { Question } from '../asked-session.ts';
import type { QueryReads } from '../filter/query.ts';
import { rowOf } from '../rows.ts';

type Input = PageQuestionInput<'payload'>;
interface Payload {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly total: number;
}

/** Returns bytes of one message: see `payloadSchema`. */
export const payload: Question<Input, Payload> = (input, { queries }) => payloadOf(input, queries.reads);

/** Returns bytes `[from, from + length)` of message `seq`. Fails with `not-found`. */
export function payloadOf({ seq, from, length }: Input, { index, cache }: QueryReads): Result<Payload> {
  const block = seq < index.total ? cache.get(index.find(seq)) : undefined;
  if (block === undefined) return { ok: false, error: noRecord(seq, index.total) };
  const row = rowOf(block, seq - block.first);
  const begin = Math.min(from, row.length);
  const end = Math.min(begin + length, row.length);
  // In a separate buffer, which is then transferred.
  const bytes = begin === end ? new Uint8Array(0) : new Uint8Array(block.bytes(seq - block.first, begin, end));
  return { ok: true, value: { bytes, total: row.length } };
}

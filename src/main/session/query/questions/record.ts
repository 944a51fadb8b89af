import { pairSockets } from '#shared/calls/pairs.ts';
import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import type { Result } from '#shared/failure.ts';
import type { Mark } from '#shared/record/record.ts';
import { noRecord } from '../../format/failures.ts';
import type { Progress } from '../../threads.ts';
import { type Question, sliced } from '../asked-session.ts';
import { searchBackward, searchForward } from '../filter/contains-test.ts';
import type { QueryReads } from '../filter/query.ts';
import { rowOf } from '../rows.ts';

type PayloadInput = PageQuestionInput<'payload'>;
interface Payload {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly total: number;
}

/** Returns bytes of one message: see `payloadSchema`. */
export const payload: Question<PayloadInput, Payload> = (input, { queries }) => payloadOf(input, queries.reads);

/** Returns bytes `[from, from + length)` of message `seq`. Fails with `not-found`. */
export function payloadOf({ seq, from, length }: PayloadInput, { index, cache }: QueryReads): Result<Payload> {
  const block = seq < index.total ? cache.get(index.find(seq)) : undefined;
  if (block === undefined) return { ok: false, error: noRecord(seq, index.total) };
  const row = rowOf(block, seq - block.first);
  const begin = Math.min(from, row.length);
  const end = Math.min(begin + length, row.length);
  // In a separate buffer, which is then transferred.
  const bytes = begin === end ? new Uint8Array(0) : new Uint8Array(block.bytes(seq - block.first, begin, end));
  return { ok: true, value: { bytes, total: row.length } };
}

/** Returns the reads that delivered certain bytes of a socket: see `readsSchema`. */
export const reads: Question<PageQuestionInput<'reads'>, PageQuestionOutput<'reads'>> = async (
  { socket, from, to },
  { reader },
) => ({ ok: true, value: { reads: await reader.reads.find(socket, from, to) } });

/** Returns the other end of a connection: see `otherEndSchema`. */
export const otherEnd: Question<PageQuestionInput<'otherEnd'>, PageQuestionOutput<'otherEnd'>> = (
  { socket },
  { reader: { index } },
) => {
  const id = pairSockets(index.sockets.values()).get(socket);
  return { ok: true, value: { other: (id === undefined ? undefined : index.sockets.get(id)) ?? null } };
};

type SearchInput = PageQuestionInput<'search'>;
type Found = PageQuestionOutput<'search'>;

/** Finds bytes in one message: see `searchSchema`. */
export const search: Question<SearchInput, Found> = (input, { queries }, job) =>
  sliced('Searching a message', searching(input, queries.reads), job);

/** Searches one message; each `yield` is a place to pause or stop. Fails with `not-found` for a missing record. */
export function* searching(
  { seq, needle, from, backward }: SearchInput,
  { index, cache }: QueryReads,
): Generator<Progress, Result<Found>> {
  const block = seq < index.total ? cache.get(index.find(seq)) : undefined;
  if (block === undefined) return { ok: false, error: noRecord(seq, index.total) };
  const place = seq - block.first;
  const length = block.lengthOf(place);
  const range = { block, place, needle };
  const at = backward
    ? yield* searchBackward({ ...range, from: 0, to: Math.min(length, from + needle.length - 1) })
    : yield* searchForward({ ...range, from, to: length });
  return { ok: true, value: { at: at ?? null } };
}

/** Returns the mark on record `seq`. Fails with `not-found`. */
export const mark: Question<{ readonly seq: number }, Mark> = ({ seq }, { reader: { index } }) => {
  if (seq >= index.total) return { ok: false, error: noRecord(seq, index.total) };
  return { ok: true, value: index.marks.get(seq) ?? { seq, bookmarked: false, note: '' } };
};

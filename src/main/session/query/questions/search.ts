import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import type { Result } from '#shared/failure.ts';
import { noRecord } from '../../format/failures.ts';
import type { Progress } from '../../threads.ts';
import { type Question, sliced } from '../asked-session.ts';
import { searchBackward, searchForward } from '../filter/contains-test.ts';
import type { QueryReads } from '../filter/query.ts';

type Input = PageQuestionInput<'search'>;
type Found = PageQuestionOutput<'search'>;

/** Finds bytes in one message: see `searchSchema`. */
export const search: Question<Input, Found> = (input, { queries }, job) =>
  sliced('Searching a message', searching(input, queries.reads), job);

/** Searches one message; each `yield` is a place to pause or stop. Fails with `not-found` for a missing record. */
export function* searching(
  { seq, needle, from, backward }: Input,
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

import type { PageQuestionInput } from '#shared/contract/questions/catalogue.ts';
import type { Result } from '#shared/failure.ts';
import { KeyPairs, OrderPairs } from '#shared/statistics/pairs.ts';
import type { Pairing, Statistics } from '#shared/statistics/statistics.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import { cancelled } from '../../format/failures.ts';
import type { ReaderJob } from '../../threads.ts';
import { inSlices, type Progress } from '../../threads.ts';
import type { Question } from '../asked-session.ts';
import { type Selection, selectionOf } from '../filter/filter-text.ts';
import type { Pairs } from '../statistics/batches.ts';
import { batchesOf, recordKeyOf } from '../statistics/batches.ts';
import { Counting } from '../statistics/counting.ts';

/** Returns the statistics: see `statisticsQuestionSchema`. */
export const statistics: Question<PageQuestionInput<'statistics'>, Statistics> = (input, { reader }, job) =>
  statisticsOf(reader.index, { ...input, ...job });

interface StatisticsJob extends ReaderJob {
  readonly filter?: string | undefined;
  readonly pairing: Pairing;
}

/**
 * Counts what `index` has now, or the part that `filter` matches. Fails with `bad-input` for an invalid filter or path of the
 * pairing, and with `cancelled`.
 */
export async function statisticsOf(index: BlockIndex, job: StatisticsJob): Promise<Result<Statistics>> {
  const selection = selectionOf(index, { filter: job.filter });
  if (!selection.ok) return selection;
  const pairs = pairsOf(job.pairing);
  if (!pairs.ok) return pairs;
  const counted = await inSlices(counting(index, selection.value, pairs.value), job);
  return counted ? { ok: true, value: counted } : { ok: false, error: cancelled('Counting the session') };
}

function pairsOf(pairing: Pairing): Result<Pairs> {
  if (pairing.kind === 'order') return { ok: true, value: { pairs: new OrderPairs(), key: undefined } };
  const key = recordKeyOf(pairing);
  return key.ok ? { ok: true, value: { pairs: new KeyPairs(), key: key.value } } : key;
}

/** Counts; makes a second pass only if one of the busiest of very many flows needs it. */
export function* counting(index: BlockIndex, selection: Selection, pairs: Pairs): Generator<Progress, Statistics> {
  const { count: blocks, end } = index;
  const counted = new Counting(index.sockets, pairs);
  for (const batch of batchesOf(index, blocks, selection, pairs.key !== undefined)) {
    counted.take(batch);
    yield { done: batch.position, total: end };
  }
  const missing = counted.missing();
  if (missing.size > 0) {
    const lasts = new Map<number, number>();
    for (const batch of batchesOf(index, blocks, selection, false)) {
      counted.takeAgain(batch, missing, lasts);
      yield { done: end + batch.position, total: end * 2 };
    }
  }
  return counted.statistics();
}

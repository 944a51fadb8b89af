import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import { fail, type Result } from '#shared/failure.ts';
import { filtersOf, LessonProgress } from '#shared/lesson/progress.ts';
import { BlockSource } from '../../format/block-source.ts';
import type { Progress } from '../../threads.ts';
import { type AskedSession, type Question, sliced } from '../asked-session.ts';
import { BlockFilter } from '../filter/block-filter.ts';
import { BlockRecord } from '../filter/block-test.ts';
import { GrowingContext } from '../filter/filter-context.ts';

/** The evaluation of a lesson's steps as far as it has come: the next question continues it with what was recorded since. */
interface Evaluation {
  readonly asked: string;
  readonly progress: LessonProgress;
  readonly test: BlockFilter;
  /** The next block. */
  next: number;
}

/** The lesson that was asked about last, of each session. */
const evaluations = new WeakMap<AskedSession, Evaluation>();

/** Returns how far the steps of a lesson are: see `lessonProgressSchema`. */
export const lessonProgress: Question<PageQuestionInput<'lessonProgress'>, PageQuestionOutput<'lessonProgress'>> = (
  { steps },
  session,
  job,
) => {
  const asked = JSON.stringify(steps);
  const known = evaluations.get(session);
  if (known?.asked === asked) return sliced('Checking the lesson', evaluating(known, session), job);
  const filters = filtersOf(steps);
  if (!filters) {
    const hint = 'Correct the filter of the step. See docs/filters.md.';
    return fail('bad-input', 'Could not check the lesson', { system: 'a step has an invalid filter', hint });
  }
  const context = new GrowingContext(session.reader.index);
  const evaluation: Evaluation = {
    asked,
    progress: new LessonProgress(steps, filters, context),
    test: new BlockFilter({ kind: 'or', parts: filters }, context),
    next: 0,
  };
  evaluations.set(session, evaluation);
  return sliced('Checking the lesson', evaluating(evaluation, session), job);
};

/** Adds the records of the blocks that were not read yet, in their order. Each `yield` is a place to pause or stop. */
function* evaluating(
  evaluation: Evaluation,
  { reader: { index } }: AskedSession,
): Generator<Progress, Result<PageQuestionOutput<'lessonProgress'>>> {
  const { progress, test } = evaluation;
  const source = new BlockSource(index);
  const record = new BlockRecord(index);
  while (evaluation.next < index.count) {
    const block = source.load(evaluation.next);
    if (block === undefined) break;
    evaluation.next += 1;
    for (const place of test.places(block)) progress.add(record.move(block, place));
    yield { done: evaluation.next, total: index.count };
  }
  return { ok: true, value: { steps: progress.steps(index.sockets) } };
}

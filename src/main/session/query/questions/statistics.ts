import type { PageQuestionInput } from '#shared/contract/questions/catalogue.ts';
import type { Statistics } from '#shared/statistics/statistics.ts';
import type { Question } from '../question.ts';

/** Returns the statistics: see `statisticsQuestionSchema`. */
export const statistics: Question<PageQuestionInput<'statistics'>, Statistics> = async (input, { reader }, task) => {
  const { statisticsOf } = await import('../statistics/statistics.ts');
  return statisticsOf(reader.index, { ...input, ...task });
};

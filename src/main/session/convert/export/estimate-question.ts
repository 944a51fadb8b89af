import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import type { Question } from '../../query/question.ts';

/** Estimates how much a save would write: see `estimateSchema`. */
export const estimate: Question<PageQuestionInput<'estimate'>, PageQuestionOutput<'estimate'>> = async (
  input,
  { reader },
  task,
) => {
  const estimating = await import('./estimate.ts');
  return estimating.estimate(reader, { ...input, ...task });
};

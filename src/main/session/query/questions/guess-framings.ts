import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import { type Question, sliced } from '../question.ts';

/** Guesses the framings of recorded streams: see `guessFramingsSchema`. */
export const guessFramings: Question<PageQuestionInput<'guessFramings'>, PageQuestionOutput<'guessFramings'>> = async (
  input,
  { reader },
  task,
) => {
  const { guessFlows } = await import('./guess-flows.ts');
  return sliced('Guessing the framing', guessFlows(reader.index, input), task);
};

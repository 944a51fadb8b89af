import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import { type Question, sliced } from '../question.ts';
import { locate as locateAmong } from './locating.ts';

/** Finds the position of a record among those that match a query: see `locateSchema`. */
export const locate: Question<PageQuestionInput<'locate'>, PageQuestionOutput<'locate'>> = async (
  { query: id, ...wanted },
  session,
  task,
) => {
  const query = await session.query(id);
  if (!query.ok) return query;
  return sliced('Looking for a record', locateAmong(query.value, wanted, session.queries.reads), task);
};

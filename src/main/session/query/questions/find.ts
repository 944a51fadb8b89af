import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import { type Question, sliced } from '../question.ts';

/** Finds the next or the previous record that matches a filter: see `findSchema`. */
export const find: Question<PageQuestionInput<'find'>, PageQuestionOutput<'find'>> = async (
  { query: id, ...wanted },
  session,
  task,
) => {
  const query = await session.query(id);
  if (!query.ok) return query;
  const finding = await import('./finding.ts');
  return sliced('Looking for a record', finding.find(query.value, wanted, session.queries), task);
};

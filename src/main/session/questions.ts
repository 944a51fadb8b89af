import type { PageQuestion, PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import { estimate } from './convert/export/estimate-question.ts';
import { save } from './convert/export/save.ts';
import { reframe } from './convert/reframe/reframe-question.ts';
import type { Question } from './query/question.ts';
import { find } from './query/questions/find.ts';
import { guessFramings } from './query/questions/guess-framings.ts';
import { locate } from './query/questions/locate.ts';
import { mark } from './query/questions/mark.ts';
import { payload } from './query/questions/payload.ts';
import { reads } from './query/questions/reads.ts';
import { search } from './query/questions/search.ts';
import { statistics } from './query/questions/statistics.ts';
import { window } from './query/questions/window.ts';

/** The questions that a page may ask; each must have an answer. */
type PageQuestions = {
  readonly [Kind in PageQuestion]: Question<PageQuestionInput<Kind>, PageQuestionOutput<Kind>>;
};

/** Every question that a session answers, by kind. */
export const questions = {
  window,
  locate,
  find,
  search,
  reads,
  mark,
  payload,
  statistics,
  estimate,
  guessFramings,
  save,
  reframe,
} satisfies PageQuestions & Readonly<Record<string, unknown>>;

type Questions = typeof questions;
export type QuestionKind = keyof Questions;
export type QuestionInput<Kind extends QuestionKind> = Parameters<Questions[Kind]>[0];
export type QuestionOutput<Kind extends QuestionKind> =
  Questions[Kind] extends Question<QuestionInput<Kind>, infer Output> ? Output : never;

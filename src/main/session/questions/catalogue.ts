import type { PageQuestion, PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import { estimate } from './estimate.ts';
import { find } from './find.ts';
import { guessFramings } from './guess-framings.ts';
import { locate } from './locate.ts';
import { mark } from './mark.ts';
import { payload } from './payload.ts';
import type { Question } from './question.ts';
import { reads } from './reads.ts';
import { reframe } from './reframe.ts';
import { save } from './save.ts';
import { search } from './search.ts';
import { statistics } from './statistics.ts';
import { window } from './window.ts';

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

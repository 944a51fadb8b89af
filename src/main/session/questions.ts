import type { PageQuestion, PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import type { Question } from './query/asked-session.ts';
import { locate, window } from './query/questions/matches.ts';
import { mark, otherEnd, payload, reads, search } from './query/questions/record.ts';

/** The questions that a page may ask; each must have an answer. */
type PageQuestions = {
  readonly [Kind in PageQuestion]: Question<PageQuestionInput<Kind>, PageQuestionOutput<Kind>>;
};

/** Every question that a session answers, by kind. */
export const questions = {
  window,
  locate,
  find: onceAsked(async () => (await import('./query/questions/find.ts')).find),
  search,
  reads,
  otherEnd,
  mark,
  payload,
  statistics: onceAsked(async () => (await import('./query/questions/statistics.ts')).statistics),
  estimate: onceAsked(async () => (await import('./convert/export/save.ts')).estimate),
  guessFramings: onceAsked(async () => (await import('./query/questions/guess-framings.ts')).guessFramings),
  lessonProgress: onceAsked(async () => (await import('./query/questions/lesson-progress.ts')).lessonProgress),
  insights: onceAsked(async () => (await import('./query/questions/insights.ts')).insights),
  save: onceAsked(async () => (await import('./convert/export/save.ts')).save),
  reframe: onceAsked(async () => (await import('./convert/reframe/reframe.ts')).reframe),
} satisfies PageQuestions & Readonly<Record<string, unknown>>;

/** Returns a question that is loaded when it is first asked, so that opening a session does not wait for it. */
function onceAsked<Input, Output>(load: () => Promise<Question<Input, Output>>): Question<Input, Output> {
  return async (input, session, job) => (await load())(input, session, job);
}

type Questions = typeof questions;
export type QuestionKind = keyof Questions;
export type QuestionInput<Kind extends QuestionKind> = Parameters<Questions[Kind]>[0];
export type QuestionOutput<Kind extends QuestionKind> =
  Questions[Kind] extends Question<QuestionInput<Kind>, infer Output> ? Output : never;

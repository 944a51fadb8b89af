import type { PageQuestion, PageQuestionInput } from '#shared/contract/questions/catalogue.ts';
import { questionSchemas } from '#shared/contract/questions/catalogue.ts';
import type { Handlers } from '#shared/contract/serve.ts';
import type { Sessions } from './sessions.ts';

type QuestionHandlers = { readonly [Kind in PageQuestion as `sessions.${Kind}`]: Handlers[`sessions.${Kind}`] };
type AskedInput = PageQuestionInput<PageQuestion> & { readonly session: string; readonly job?: string | undefined };

/** Returns handlers for every question that a page may ask a session: a new question needs no change here. */
export function questionHandlers(sessions: Sessions): QuestionHandlers {
  const kinds = Object.keys(questionSchemas) as PageQuestion[];
  // Each handler has the types of its kind; the catalogue of answers is checked against the same schemas.
  return Object.fromEntries(kinds.map((kind) => [`sessions.${kind}`, handlerOf(kind, sessions)])) as never;
}

function handlerOf(kind: PageQuestion, sessions: Sessions) {
  const { flushes } = questionSchemas[kind];
  return ({ session, job, ...input }: AskedInput) =>
    sessions.work(session, job, async (one, work) => {
      if (flushes) await one.flush();
      return one.ask(kind, input as never, work);
    });
}

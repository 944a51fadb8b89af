import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import type { Question } from '../asked-session.ts';

/** Returns the reads that delivered certain bytes of a socket: see `readsSchema`. */
export const reads: Question<PageQuestionInput<'reads'>, PageQuestionOutput<'reads'>> = async (
  { socket, from, to },
  { reader },
) => ({ ok: true, value: { reads: await reader.reads.find(socket, from, to) } });

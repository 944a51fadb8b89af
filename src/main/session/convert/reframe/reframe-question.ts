import type { Question } from '../../query/question.ts';
import type { Reframed, ReframeInput } from './reframe.ts';

/** Re-frames streams of what is on disk now into a new session; this one is not changed. */
export const reframe: Question<ReframeInput, Reframed> = async (input, { reader }, task) => {
  const reframing = await import('./reframe.ts');
  return reframing.reframe(reader, { ...input, ...task });
};

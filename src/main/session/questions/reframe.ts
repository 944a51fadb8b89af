import type { Reframed, ReframeInput } from '../reframing/reframe.ts';
import type { Question } from './question.ts';

/** Re-frames streams of what is on disk now into a new session; this one is not changed. */
export const reframe: Question<ReframeInput, Reframed> = async (input, { reader }, job) => {
  const reframing = await import('../reframing/reframe.ts');
  return reframing.reframe(reader, { ...input, ...job });
};

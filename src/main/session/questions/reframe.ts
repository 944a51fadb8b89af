import type { Reframed, ReframeInput } from '../reframing/reframe.ts';
import type { Question } from './question.ts';

/** Makes a session in which streams are split by another framing, of what is on disk now; this one stays as it is. */
export const reframe: Question<ReframeInput, Reframed> = async (input, { reader }, task) => {
  const reframing = await import('../reframing/reframe.ts');
  return reframing.reframe(reader, { ...input, ...task });
};

import type { Question } from '../../query/question.ts';
import type { Saved, SaveInput } from './saves.ts';

/** Writes a copy of what is on disk now, in another place or format. */
export const save: Question<SaveInput, Saved> = async (input, { reader }, task) => {
  const saves = await import('./saves.ts');
  return saves.save(reader, { ...input, ...task });
};

import type { Saved, SaveInput } from '../exports/saves.ts';
import type { Question } from './question.ts';

/** Writes a copy of what is on disk now, in another place or format. */
export const save: Question<SaveInput, Saved> = async (input, { reader }, job) => {
  const saves = await import('../exports/saves.ts');
  return saves.save(reader, { ...input, ...job });
};

import type { Mark } from '#shared/record/marks.ts';
import { noRecord } from '../file-failure.ts';
import type { Question } from './question.ts';

/** What a person left at record `seq`. Fails as `not-found`. */
export const mark: Question<{ readonly seq: number }, Mark> = ({ seq }, { reader: { index } }) => {
  if (seq >= index.total) return { ok: false, error: noRecord(seq, index.total) };
  return { ok: true, value: index.marks.get(seq) ?? { seq, bookmarked: false, note: '' } };
};

import type { Mark } from '#shared/record/record.ts';
import { noRecord } from '../../format/failures.ts';
import type { Question } from '../asked-session.ts';

/** Returns the mark on record `seq`. Fails with `not-found`. */
export const mark: Question<{ readonly seq: number }, Mark> = ({ seq }, { reader: { index } }) => {
  if (seq >= index.total) return { ok: false, error: noRecord(seq, index.total) };
  return { ok: true, value: index.marks.get(seq) ?? { seq, bookmarked: false, note: '' } };
};

import type { Finding } from '../diagnosis.ts';
import type { Examination } from '../examination.ts';
import type { PathFacts } from '../system.ts';
import { quoted } from '../words.ts';

/** Returns the finding where this user may not search a folder above the path: it is not known whether anything is at the path. */
export function closedAbove(examination: Examination, closed: NonNullable<PathFacts['closed']>): Finding {
  const folder = quoted(closed.folder, 120);
  examination.note(`${folder} belongs to ${closed.owner}, and Wirebench has no permission to search it.`);
  return {
    code: 'access-denied',
    hint: `The folder ${folder} belongs to ${closed.owner}, and you have no permission to search it: ask for that permission, or use another path.`,
  };
}

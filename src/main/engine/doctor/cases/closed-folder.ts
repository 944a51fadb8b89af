import type { Finding } from '../diagnosis.ts';
import type { Examination } from '../examination.ts';
import type { PathFacts } from '../system.ts';
import { quoted } from '../words.ts';

/** What to say where a folder does not let this user see whether there is anything at a path: nothing is claimed of the path. */
export function closedAbove(examination: Examination, closed: NonNullable<PathFacts['closed']>): Finding {
  const folder = quoted(closed.folder, 120);
  examination.note(`${folder} belongs to ${closed.owner}, and we may not look into it.`);
  return {
    code: 'access-denied',
    hint: `The folder ${folder} belongs to ${closed.owner}, and you may not look into it: ask for that right, or use another path.`,
  };
}

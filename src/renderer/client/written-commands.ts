import { byteOrderMark, type LineEnd, lineEndOf, withByteOrderMark, withLineEnd } from '#shared/payload/line-ends.ts';
import { changeDraft, type Draft, draftOf } from './drafts-store.ts';
import type { Services } from './services.ts';

/** The kind of line end of a draft: what its lines have, else what the Enter key will write. */
export function shownLineEnd({ text, lineEnd }: Pick<Draft, 'text' | 'lineEnd'>): LineEnd | 'mixed' {
  return lineEndOf(text) ?? lineEnd;
}

export function hasByteOrderMark({ text }: Pick<Draft, 'text'>): boolean {
  return text.startsWith(byteOrderMark);
}

/** Gives every line of a tab's draft the line end `lineEnd`, and each line that is typed from now on. */
export function selectLineEnd(services: Services, tab: string, lineEnd: LineEnd): void {
  const { text } = draftOf(services.drafts.getState(), tab);
  rewrite(services, tab, { text: withLineEnd(text, lineEnd), lineEnd });
}

/** Begins a tab's draft with a byte order mark, or without one. */
export function selectByteOrderMark(services: Services, tab: string, hasMark: boolean): void {
  const { text } = draftOf(services.drafts.getState(), tab);
  rewrite(services, tab, { text: withByteOrderMark(text, hasMark) });
}

/** Changes how the text is written, as an edit that undo takes back. */
function rewrite(
  { drafts }: Services,
  tab: string,
  change: Pick<Draft, 'text'> & Partial<Pick<Draft, 'lineEnd'>>,
): void {
  const before = draftOf(drafts.getState(), tab);
  const isSame = change.text === before.text;
  const edit = isSame ? {} : { changed: true, outcome: undefined, revision: before.revision + 1 };
  changeDraft(drafts, tab, { ...change, ...edit });
}

import { byteOrderMark, type LineEnd, lineEndOf, withByteOrderMark, withLineEnd } from '#shared/payload/line-ends.ts';
import { changeDraft, type Draft, draftOf } from './drafts-store.ts';
import type { Services } from './services.ts';

/** Returns the line end of a draft: that of its lines or, if it has only one line, the one that Enter inserts. */
export function shownLineEnd({ text, lineEnd }: Pick<Draft, 'text' | 'lineEnd'>): LineEnd | 'mixed' {
  return lineEndOf(text) ?? lineEnd;
}

export function hasByteOrderMark({ text }: Pick<Draft, 'text'>): boolean {
  return text.startsWith(byteOrderMark);
}

/** Changes all line ends of a tab's draft to `lineEnd`, and uses it for new lines. */
export function selectLineEnd(services: Services, tab: string, lineEnd: LineEnd): void {
  const { text } = draftOf(services.drafts.getState(), tab);
  rewrite(services, tab, { text: withLineEnd(text, lineEnd), lineEnd });
}

/** Adds a byte order mark to a tab's draft, or removes it. */
export function selectByteOrderMark(services: Services, tab: string, hasMark: boolean): void {
  const { text } = draftOf(services.drafts.getState(), tab);
  rewrite(services, tab, { text: withByteOrderMark(text, hasMark) });
}

/** Changes line ends or byte order mark as an edit that can be undone. */
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

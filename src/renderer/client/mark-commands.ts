import type { Row } from '#shared/record/record.ts';
import { showFailure } from './notices-store.ts';
import type { Services } from './services.ts';

type Marked = Pick<Row, 'seq' | 'mark'>;

/** Sets or removes the bookmark of a record. Views are updated by the resulting event. */
export async function toggleBookmark(services: Services, session: string, { seq, mark }: Marked): Promise<void> {
  const bookmarked = mark?.bookmarked !== true;
  const marked = await services.client.call('sessions.mark', { session, seq, bookmarked });
  if (!marked.ok) showFailure(services.notices, marked.error);
}

/** Sets the note of a record; an empty one removes it. Returns false if that fails, and shows why. */
export async function setNote(services: Services, session: string, seq: number, note: string): Promise<boolean> {
  const marked = await services.client.call('sessions.mark', { session, seq, note });
  if (!marked.ok) showFailure(services.notices, marked.error);
  return marked.ok;
}

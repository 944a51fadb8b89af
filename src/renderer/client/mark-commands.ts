import type { Row } from '#shared/record/record.ts';
import { showFailure } from './notices-store.ts';
import type { Services } from './services.ts';

type Marked = Pick<Row, 'seq' | 'mark'>;

/** Sets the bookmark at a record, or takes it away. What comes of it is told to every view as an event. */
export async function toggleBookmark(services: Services, session: string, { seq, mark }: Marked): Promise<void> {
  const bookmarked = mark?.bookmarked !== true;
  const marked = await services.client.call('sessions.mark', { session, seq, bookmarked });
  if (!marked.ok) showFailure(services.notices, marked.error);
}

/** Leaves `note` at a record, an empty one for none. False where it cannot be kept; why is shown. */
export async function setNote(services: Services, session: string, seq: number, note: string): Promise<boolean> {
  const marked = await services.client.call('sessions.mark', { session, seq, note });
  if (!marked.ok) showFailure(services.notices, marked.error);
  return marked.ok;
}

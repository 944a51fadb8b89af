import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import type { Question } from '../asked-session.ts';
import type { Query, QueryReads } from '../filter/query.ts';
import { previewSources, rowOf } from '../rows.ts';

type Input = PageQuestionInput<'window'>;
type Window = PageQuestionOutput<'window'>;

/** How long a new search runs before its first answer, so that most sessions are answered completely. */
const firstSearchMs = 40;
/** How long a repeated search runs: mostly over what is new. */
const nextSearchMs = 6;

/** Returns rows among those that match a query: see `windowSchema`. */
export const window: Question<Input, Window> = async ({ query: id, ...range }, session) => {
  const query = await session.query(id);
  if (!query.ok) return query;
  const answer = windowOf(query.value, range, session.queries.reads);
  session.background.search(session.queries);
  return { ok: true, value: answer };
};

/** Extends the search for a moment; returns the rows `[first, first + count)` of `query`, as far as the search has come. */
export function windowOf(query: Query, { first, count }: Pick<Input, 'first' | 'count'>, reads: QueryReads): Window {
  query.extend(performance.now() + (query.blocks === 0 ? firstSearchMs : nextSearchMs));
  const { index, cache } = reads;
  const rows: Row[] = [];
  const sockets = new Map<number, SocketInfo>();
  const sources = previewSources(index, cache);
  if (count > 0) {
    for (const { at, place } of query.matchesFrom(first)) {
      const block = cache.get(at);
      // A damaged block, which has truncated the index: `total` counts what is left.
      if (block === undefined) break;
      const row = rowOf(block, place, sources);
      const mark = index.marks.get(row.seq);
      rows.push(mark ? { ...row, mark: { bookmarked: mark.bookmarked, note: mark.note } } : row);
      const info = index.sockets.get(row.socket);
      if (info) sockets.set(info.id, info);
      if (rows.length === count) break;
    }
  }
  const { matched, scanned, total } = query.progress;
  return { total, matched, scanned, rows, sockets: [...sockets.values()] };
}

import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import type { Result } from '#shared/failure.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import type { Progress } from '../../threads.ts';
import { type Question, sliced } from '../asked-session.ts';
import type { Query, QueryReads } from '../filter/query.ts';
import { checksumAt, previewSources, rowOf } from '../rows.ts';

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
      const checksum = checksumAt(block, place, index);
      rows.push({
        ...row,
        ...(checksum && { checksum }),
        ...(mark && { mark: { bookmarked: mark.bookmarked, note: mark.note } }),
      });
      const info = index.sockets.get(row.socket);
      if (info) sockets.set(info.id, info);
      if (rows.length === count) break;
    }
  }
  const { matched, scanned, total } = query.progress;
  return { total, matched, scanned, rows, sockets: [...sockets.values()] };
}

/** Finds the position of a record among those that match a query: see `locateSchema`. */
export const locate: Question<PageQuestionInput<'locate'>, PageQuestionOutput<'locate'>> = async (
  { query: id, ...wanted },
  session,
  job,
) => {
  const query = await session.query(id);
  if (!query.ok) return query;
  return sliced('Looking for a record', locating(query.value, wanted, session.queries.reads), job);
};

type Located = PageQuestionOutput<'locate'>['found'];
/** A search for a record; each `yield` is a place to pause or stop. */
export type Locating = Generator<Progress, Result<{ found: Located }>>;

/** The duration of one step of a search in milliseconds. */
const stepMs = 4;

/** Finds the position of a record among those that match `query`, from record `seq` or the time `at`: see `locateSchema`. */
export function* locating(
  query: Query,
  { seq, at }: Pick<PageQuestionInput<'locate'>, 'seq' | 'at'>,
  reads: QueryReads,
): Locating {
  const { index } = reads;
  const from = seq ?? (at === undefined ? 0 : firstRecordFrom(reads, at));
  let block = from < index.total ? index.find(from) : index.count;
  for (; block < index.count; block += 1) {
    yield* taken(query, block, reads);
    if (block >= query.blocks) break;
    if (query.countOf(block) === 0) continue;
    const first = index.firsts[block] as number;
    const places = query.places(block);
    const rank = places.findIndex((place) => first + place >= from);
    if (rank >= 0) return found({ seq: first + (places[rank] as number), index: query.before(block) + rank });
  }
  yield* taken(query, index.count - 1, reads);
  return found(lastMatch(query, reads));
}

/** Searches until `query` has searched block `at`, or the last block. */
export function* taken(query: Query, at: number, { index }: QueryReads): Generator<Progress, void> {
  const begin = query.blocks;
  // Also if the query was ended meanwhile.
  query.ask();
  while (query.blocks <= at && query.isPending) {
    query.extend(performance.now() + stepMs);
    yield { done: query.blocks - begin, total: Math.min(at + 1, index.count) - begin };
  }
}

function lastMatch(query: Query, { index }: QueryReads): Located {
  if (query.matched === 0) return null;
  const at = query.blockOf(query.matched - 1);
  const place = query.places(at).at(-1);
  if (place === undefined) return null;
  return { seq: (index.firsts[at] as number) + place, index: query.matched - 1 };
}

/** Returns the first record at or after the time `at`, by binary search; the number after the last one if there is no such record. */
function firstRecordFrom({ index, cache }: QueryReads, at: number): number {
  let low = 0;
  let high = index.count;
  // The first block that begins at that time or later; the record is in the block before it.
  while (low < high) {
    const middle = (low + high) >>> 1;
    const begin = cache.get(middle)?.at(0);
    if (begin === undefined) return index.total;
    if (begin < at) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  const block = cache.get(low - 1);
  if (block === undefined) return index.total;
  for (let place = 0; place < block.count; place += 1) if (block.at(place) >= at) return block.first + place;
  return block.first + block.count;
}

/** Returns the answer with `record`. */
export function found(record: Located): Result<{ found: Located }> {
  return { ok: true, value: { found: record } };
}

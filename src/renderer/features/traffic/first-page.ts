import type { Client } from '#shared/contract/client.ts';
import type { CallOutput } from '#shared/contract/contract.ts';
import { ok, type Result } from '#shared/failure.ts';

export type Page = CallOutput<'sessions.window'>;
/** A record, and its place among those that match. */
export interface Place {
  readonly seq: number;
  readonly index: number;
}

export interface FirstPageWish {
  readonly session: string;
  /** Undefined: every record. */
  readonly query: string | undefined;
  /** The record to be in sight, `offset` rows below the upper edge of what is fetched. */
  readonly anchor: { readonly seq: number; readonly offset: number } | undefined;
  /** Without an anchor: the last rows, not the first. */
  readonly atEnd: boolean;
  readonly count: number;
  /** By which looking for the anchor can be cancelled. */
  readonly task: string;
}

export interface FirstPage {
  readonly page: Page;
  /** Place of the page's first row. */
  readonly first: number;
  /** Where the anchor, or the match after it, stands. Unknown while a long search has not come to it: `late` tells. */
  readonly place: Place | undefined;
  readonly late: Promise<Place | undefined> | undefined;
}

/** A search that takes longer shows its first matches meanwhile. */
const patienceMs = 150;

/** Where the record `seq`, or the first one from the time `at` on, stands among those that match; else the last one. */
export async function placeOf(
  client: Client,
  wish: {
    readonly session: string;
    readonly query: string | undefined;
    readonly seq?: number;
    readonly at?: number;
    readonly task?: string;
  },
): Promise<Result<Place | undefined>> {
  const { session, query, seq, at, task } = wish;
  if (query === undefined && seq !== undefined) return ok({ seq, index: seq });
  const located = await client.call('sessions.locate', { session, query, seq, at, task });
  return located.ok ? ok(located.value.found ?? undefined) : located;
}

/** The rows with which a table begins when its filter has changed: those around `anchor`, the first or the last ones. */
export async function fetchFirstPage(
  client: Client,
  wish: FirstPageWish,
  later: (run: () => void, ms: number) => void,
): Promise<Result<FirstPage>> {
  const { session, query, anchor, atEnd, count, task } = wish;
  const window = (first: number) => client.call('sessions.window', { session, query, first, count });
  const locating = anchor
    ? placeOf(client, { session, query, seq: anchor.seq, task }).then((found) => (found.ok ? found.value : undefined))
    : undefined;
  const patience = new Promise<'late'>((resolve) => later(() => resolve('late'), patienceMs));
  const early = locating ? await Promise.race([locating, patience]) : undefined;
  const place = early === 'late' ? undefined : early;
  let first = place && anchor ? Math.max(0, place.index - anchor.offset) : 0;
  let answer = await window(first);
  if (!answer.ok) return answer;
  const { matched, scanned, total } = answer.value;
  if (!anchor && atEnd && scanned >= total && matched > count) {
    first = matched - count;
    answer = await window(first);
    if (!answer.ok) return answer;
  }
  return ok({ page: answer.value, first, place, late: early === 'late' ? locating : undefined });
}

import type { Client } from '#shared/contract/client.ts';
import type { CallOutput } from '#shared/contract/contract.ts';
import { ok, type Result } from '#shared/failure.ts';

export type Page = CallOutput<'sessions.window'>;
/** The number of a record, and its index among the records that match. */
export interface RowPosition {
  readonly seq: number;
  readonly index: number;
}

export interface FirstPageRequest {
  readonly session: string;
  /** Id of the query; undefined for all records. */
  readonly query: string | undefined;
  /** The record to keep visible, `offset` rows below the first fetched row. */
  readonly anchor: { readonly seq: number; readonly offset: number } | undefined;
  /** Without an anchor: fetch the last rows instead of the first. */
  readonly atEnd: boolean;
  readonly count: number;
  /** Id to cancel the search for the anchor. */
  readonly job: string;
}

export interface FirstPage {
  readonly page: Page;
  /** Index of the page's first row. */
  readonly first: number;
  /** Position of the anchor or of the next match. Undefined until a long search has reached it: then `late` resolves. */
  readonly position: RowPosition | undefined;
  readonly late: Promise<RowPosition | undefined> | undefined;
}

/** If locating the anchor takes longer, the first matches are shown until it is found. */
const patienceMs = 150;

/** Finds the first match from record `seq` or from time `at` on; the last match if none follows. */
export async function findPosition(
  client: Client,
  request: {
    readonly session: string;
    readonly query: string | undefined;
    readonly seq?: number;
    readonly at?: number;
    readonly job?: string;
  },
): Promise<Result<RowPosition | undefined>> {
  const { session, query, seq, at, job } = request;
  if (query === undefined && seq !== undefined) return ok({ seq, index: seq });
  const located = await client.call('sessions.locate', { session, query, seq, at, job });
  return located.ok ? ok(located.value.found ?? undefined) : located;
}

/** Fetches the rows to show after a change of filter: those around `anchor`, the first, or the last ones. */
export async function fetchFirstPage(
  client: Client,
  request: FirstPageRequest,
  later: (run: () => void, ms: number) => void,
): Promise<Result<FirstPage>> {
  const { session, query, anchor, atEnd, count, job } = request;
  const window = (first: number) => client.call('sessions.window', { session, query, first, count });
  const locating = anchor
    ? findPosition(client, { session, query, seq: anchor.seq, job }).then((found) =>
        found.ok ? found.value : undefined,
      )
    : undefined;
  const patience = new Promise<'late'>((resolve) => later(() => resolve('late'), patienceMs));
  const early = locating ? await Promise.race([locating, patience]) : undefined;
  const position = early === 'late' ? undefined : early;
  let first = position && anchor ? Math.max(0, position.index - anchor.offset) : 0;
  let answer = await window(first);
  if (!answer.ok) return answer;
  const { matched, scanned, total } = answer.value;
  if (!anchor && atEnd && scanned >= total && matched > count) {
    first = matched - count;
    answer = await window(first);
    if (!answer.ok) return answer;
  }
  return ok({ page: answer.value, first, position, late: early === 'late' ? locating : undefined });
}

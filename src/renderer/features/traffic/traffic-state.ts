import { maxWindowRows } from '#shared/contract/limits.ts';
import type { Failure } from '#shared/failure.ts';
import type { Mark, Row, SocketInfo } from '#shared/record/record.ts';
import { clampTop, maxTop, type RowMetrics, revealRow, visibleRows } from '../../ui/virtual-list.tsx';
import { everyRecord, type Shown } from './traffic-queries.ts';

export const rowHeight = 24;

/** What a traffic table shows. The index of a row counts the records that match the filter. */
export interface TrafficState {
  /** Which records the rows show. If all, a row's index is its record's number. */
  readonly shown: Shown;
  /** Other records are requested, and their first rows are not fetched yet. */
  readonly switching: boolean;
  /** Records of the session, and how many of them the filter has scanned. */
  readonly total: number;
  readonly scanned: number;
  /** The filter has not scanned all records that existed when it was set. */
  readonly searching: boolean;
  /** Number of rows. */
  readonly count: number;
  /** Number of known matches, of records without a filter; `count` follows once the rows to show are fetched. */
  readonly known: number;
  /** Index of the row at the upper edge, with a fraction. */
  readonly top: number;
  readonly viewport: number;
  /** The newest row stays visible. */
  readonly follow: boolean;
  /** Rows before this index have been visible. */
  readonly seen: number;
  /** Number of the selected record, −1 for none. Neither new traffic nor a new filter changes it. */
  readonly selected: number;
  /** Index of the selected record, or of the next one if the filter hides it; −1 for none. */
  readonly selectedAt: number;
  /** False if the filter hides the selected record. */
  readonly selectedShown: boolean;
  readonly rows: ReadonlyMap<number, Row>;
  readonly sockets: ReadonlyMap<number, SocketInfo>;
  /** Time of the first record: the zero of the time column. */
  readonly startAt: number | undefined;
  readonly failure: Failure | undefined;
  /** Incremented when the user scrolls or selects: an answer that arrives later must not scroll the view. */
  readonly moves: number;
}

export const emptyTraffic: TrafficState = {
  shown: everyRecord,
  switching: false,
  total: 0,
  scanned: 0,
  searching: false,
  count: 0,
  known: 0,
  top: 0,
  viewport: 0,
  follow: true,
  seen: 0,
  selected: -1,
  selectedAt: -1,
  selectedShown: false,
  rows: new Map(),
  sockets: new Map(),
  startAt: undefined,
  failure: undefined,
  moves: 0,
};

/** Rows kept on either side of a fetched page, so that small movements need no fetch. */
const keptRows = 600;

/** Adds `fetched`, whose first row has index `first`, to `known`, and drops rows that are far away. */
export function mergeRows(
  known: ReadonlyMap<number, Row>,
  first: number,
  fetched: readonly Row[],
): ReadonlyMap<number, Row> {
  const rows = new Map<number, Row>();
  const end = first + fetched.length;
  for (const [at, row] of known) if (at >= first - keptRows && at < end + keptRows) rows.set(at, row);
  fetched.forEach((row, index) => {
    // A row that is known stays the same object, so that it is not rendered again.
    if (rows.get(first + index)?.seq !== row.seq) rows.set(first + index, row);
  });
  return rows;
}

/** Adds new and changed sockets to `known`. */
export function mergeSockets(
  known: ReadonlyMap<number, SocketInfo>,
  infos: readonly SocketInfo[],
): ReadonlyMap<number, SocketInfo> {
  if (infos.length === 0) return known;
  const sockets = new Map(known);
  for (const info of infos) sockets.set(info.id, info);
  return sockets;
}

/** Returns the part of `[first, end)` that is missing in `rows`, limited to what one query can fetch. */
export function missingRows(
  rows: ReadonlyMap<number, Row>,
  first: number,
  end: number,
): { first: number; count: number } | undefined {
  let from = first;
  let to = end;
  while (from < to && rows.has(from)) from += 1;
  while (to > from && rows.has(to - 1)) to -= 1;
  return to > from ? { first: from, count: Math.min(to - from, maxWindowRows) } : undefined;
}

/** Applies changed bookmarks and notes to `rows`; returns `undefined` if none of the rows is affected. */
export function markedRows(
  rows: ReadonlyMap<number, Row>,
  marks: readonly Mark[],
): ReadonlyMap<number, Row> | undefined {
  const bySeq = new Map(marks.map((mark) => [mark.seq, mark]));
  const marked = new Map(rows);
  let isChanged = false;
  for (const [at, row] of rows) {
    const mark = bySeq.get(row.seq);
    if (!mark) continue;
    marked.set(at, { ...row, mark: { bookmarked: mark.bookmarked, note: mark.note } });
    isChanged = true;
  }
  return isChanged ? marked : undefined;
}

/** Rows fetched and drawn beyond each edge of the viewport. */
export const overscan = 12;

/** Returns the metrics of the rows that `state` shows. */
export function metricsOf({ count, viewport }: TrafficState): RowMetrics {
  return { total: count, rowHeight, viewport };
}

/** Returns true if the view stays at the end. While a search is in progress, its first matches stay visible instead. */
export function isAtEnd({ follow, searching }: TrafficState): boolean {
  return follow && !searching;
}

/** Returns `top` after a change of height: the end, or a visible selected row, stays visible. */
export function resizedTop(state: TrafficState, viewport: number): number {
  const metrics = { total: state.count, rowHeight, viewport };
  if (isAtEnd(state)) return maxTop(metrics);
  const { top, selectedAt, selectedShown } = state;
  const wasInSight = selectedShown && selectedAt >= top && selectedAt + 1 <= top + state.viewport / rowHeight;
  return wasInSight ? revealRow(metrics, top, selectedAt) : clampTop(metrics, top);
}

/** Returns the rows to draw, `[first, end)`: the visible ones, and one before for its time difference. */
export function wantedRows(state: TrafficState) {
  const { follow, viewport, top, count, known } = state;
  const metrics = { total: follow ? known : count, rowHeight, viewport };
  const at = isAtEnd(state) ? maxTop(metrics) : clampTop(metrics, top);
  const visible = visibleRows(metrics, at, overscan);
  return { count: metrics.total, top: at, first: Math.max(0, visible.first - 1), end: visible.first + visible.count };
}

/** Returns the index of the next or previous row. If the filter hides the selected record, that is the row beside it. */
export function stepFrom({ selectedAt, selectedShown, count, top }: TrafficState, backward: boolean) {
  const from = selectedAt < 0 ? Math.ceil(top) : selectedShown && !backward ? selectedAt + 1 : selectedAt;
  const to = backward ? from - 1 : from;
  return to >= 0 && to < count ? to : undefined;
}

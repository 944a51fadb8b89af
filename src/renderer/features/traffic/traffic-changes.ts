import { maxWindowRows } from '#shared/contract/limits.ts';
import type { Mark, Row } from '#shared/record/record.ts';
import { clampTop, maxTop, type RowMetrics, revealRow, visibleRows } from '../../ui/virtual-rows.ts';
import type { FirstPage, FirstPageRequest, Page, RowPosition } from './first-page.ts';
import { isEvery, type Shown } from './page-query.ts';
import { mergeRows, mergeSockets, rowHeight, type TrafficState } from './traffic-state.ts';

/** Rows fetched and drawn beyond each edge of the viewport. */
const overscan = 12;

type Change = Partial<TrafficState>;

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

/** Applies `change`. Rows that were visible count as seen, and so do matches that a search finds in earlier records. */
export function changed(state: TrafficState, change: Change): TrafficState {
  const next = { ...state, ...change };
  const bottom = Math.ceil(next.top + next.viewport / rowHeight);
  const all = next.follow || next.searching || state.searching;
  const seen = all ? next.count : Math.min(next.count, Math.max(next.seen, bottom));
  return seen === next.seen ? next : { ...next, seen };
}

/** Returns the rows to draw, `[first, end)`, of `known`: the visible ones, and one before for its time difference. */
export function wantedRows(state: TrafficState, known: number) {
  const { follow, viewport, top, count } = state;
  const metrics = { total: follow ? known : count, rowHeight, viewport };
  const at = isAtEnd(state) ? maxTop(metrics) : clampTop(metrics, top);
  const visible = visibleRows(metrics, at, overscan);
  return { count: metrics.total, top: at, first: Math.max(0, visible.first - 1), end: visible.first + visible.count };
}

/** Selects the row at index `at` and scrolls to it; below 0, clears the selection. */
export function rowSelected(state: TrafficState, at: number): Change {
  if (at < 0) return { selected: -1, selectedAt: -1, selectedShown: false };
  const { rows, shown, selected, top } = state;
  // Without a filter the index is the record's number; with one, the number is known once the row is fetched.
  const seq = rows.get(at)?.seq ?? (isEvery(shown) ? at : selected);
  return { selected: seq, selectedAt: at, selectedShown: true, top: revealRow(metricsOf(state), top, at) };
}

/** Selects the record at a position. If it was not visible, scrolls so that some rows before it are visible too. */
export function positionSelected(state: TrafficState, { seq, index }: RowPosition): Change {
  const count = Math.max(state.count, index + 1);
  const metrics = { ...metricsOf(state), total: count };
  const revealed = revealRow(metrics, state.top, index);
  const top = revealed === state.top ? revealed : clampTop(metrics, index - Math.floor(state.viewport / rowHeight / 3));
  return { count, top, selected: seq, selectedAt: index, selectedShown: true };
}

/** Returns the index of the next or previous row. If the filter hides the selected record, that is the row beside it. */
export function stepFrom({ selectedAt, selectedShown, count, top }: TrafficState, backward: boolean) {
  const from = selectedAt < 0 ? Math.ceil(top) : selectedShown && !backward ? selectedAt + 1 : selectedAt;
  const to = backward ? from - 1 : from;
  return to >= 0 && to < count ? to : undefined;
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

/** Adds a fetched page whose first row has index `first`. */
export function fetchedPage(
  state: TrafficState,
  first: number,
  { rows: fetched, sockets: infos }: Page,
  { known, startAt }: { readonly known: number; readonly startAt: number | undefined },
): Change {
  const rows = mergeRows(state.rows, first, fetched);
  const change: Change = {
    rows,
    sockets: mergeSockets(state.sockets, infos),
    failure: undefined,
    startAt: state.startAt ?? startAt,
    // The number of a record that was selected by its index is known now.
    selected: state.selectedShown ? (rows.get(state.selectedAt)?.seq ?? state.selected) : state.selected,
  };
  if (!isAtEnd(state)) return change;
  // Rows, count and scroll position change together, so that following never shows an empty row.
  const count = Math.max(state.count, Math.min(known, first + fetched.length));
  return { ...change, count, top: maxTop({ total: count, rowHeight, viewport: state.viewport }) };
}

/**
 * Returns the record that stays visible when the filter changes: the selected one, at its offset, or else the row at the
 * upper edge. A view that follows the newest rows continues to follow them.
 */
function anchorOf(state: TrafficState): FirstPageRequest['anchor'] {
  const { selected, selectedAt, selectedShown, top, viewport, follow, rows } = state;
  const inSight = Math.ceil(viewport / rowHeight);
  if (selected >= 0) {
    const above = selectedAt - Math.floor(top);
    const isInSight = selectedShown && above >= 0 && above < inSight;
    return { seq: selected, offset: isInSight ? above : Math.floor(inSight / 3) };
  }
  const row = follow ? undefined : rows.get(Math.floor(top));
  return row && { seq: row.seq, offset: 0 };
}

/** Returns what to fetch for a new filter: a viewport of rows around the record that stays visible. */
export function firstPageRequest(
  state: TrafficState,
  { shown, isRecorded }: { readonly shown: Shown; readonly isRecorded: boolean },
) {
  const anchor = anchorOf(state);
  const follow = state.follow && (isRecorded || isEvery(shown));
  return {
    anchor: anchor && { ...anchor, offset: anchor.offset + overscan },
    atEnd: follow,
    count: Math.ceil(state.viewport / rowHeight) + 2 * overscan,
    follow,
    offset: anchor?.offset ?? 0,
  };
}

/** Replaces the rows with those of a new filter. */
export function firstPageShown(
  state: TrafficState,
  { page, first, position }: FirstPage,
  request: {
    readonly shown: Shown;
    readonly follow: boolean;
    readonly offset: number;
    readonly startAt: number | undefined;
  },
): Change {
  const { matched, scanned, total } = page;
  const searching = !isEvery(request.shown) && scanned < total;
  const metrics = { total: matched, rowHeight, viewport: state.viewport };
  const end = maxTop(metrics);
  const top = position ? clampTop(metrics, position.index - request.offset) : request.follow && !searching ? end : 0;
  return {
    shown: request.shown,
    switching: false,
    total: Math.max(total, state.total),
    scanned,
    searching,
    count: matched,
    seen: matched,
    top,
    follow: request.follow && (!position || top >= end - 0.5),
    selectedAt: state.selected < 0 ? -1 : (position?.index ?? -1),
    selectedShown: position !== undefined && position.seq === state.selected,
    rows: mergeRows(new Map(), first, page.rows),
    sockets: mergeSockets(state.sockets, page.sockets),
    startAt: state.startAt ?? request.startAt,
    failure: undefined,
  };
}

/** Scrolls to the record that was visible before, once a long search has found it. */
export function positionFound(state: TrafficState, position: RowPosition, offset: number, known: number): Change {
  return {
    count: known,
    top: clampTop({ ...metricsOf(state), total: known }, position.index - offset),
    follow: false,
    selectedAt: state.selected < 0 ? -1 : position.index,
    selectedShown: position.seq === state.selected,
  };
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

import { maxWindowRows } from '#shared/contract/limits.ts';
import type { Mark } from '#shared/record/marks.ts';
import type { Row } from '#shared/record/record.ts';
import { clampTop, maxTop, type RowMetrics, revealRow, visibleRows } from '../../ui/virtual-rows.ts';
import type { FirstPage, FirstPageWish, Page, Place } from './first-page.ts';
import { isEvery, type Shown } from './page-query.ts';
import { mergeRows, mergeSockets, rowHeight, type TrafficState } from './traffic-state.ts';

/** Rows fetched and drawn beyond the edges. */
const overscan = 12;

type Change = Partial<TrafficState>;

export function metricsOf({ count, viewport }: TrafficState): RowMetrics {
  return { total: count, rowHeight, viewport };
}

/** Following keeps the end in sight, but for a search under way: its first matches stay until it has caught up. */
export function isAtEnd({ follow, searching }: TrafficState): boolean {
  return follow && !searching;
}

/** Where a view of another height stands: the end, or the chosen row, stays in sight where it was. */
export function resizedTop(state: TrafficState, viewport: number): number {
  const metrics = { total: state.count, rowHeight, viewport };
  if (isAtEnd(state)) return maxTop(metrics);
  const { top, selectedAt, selectedShown } = state;
  const wasInSight = selectedShown && selectedAt >= top && selectedAt + 1 <= top + state.viewport / rowHeight;
  return wasInSight ? revealRow(metrics, top, selectedAt) : clampTop(metrics, top);
}

/** `state` after `change`. What was in sight is seen; so is what a search finds among old records. */
export function changed(state: TrafficState, change: Change): TrafficState {
  const next = { ...state, ...change };
  const bottom = Math.ceil(next.top + next.viewport / rowHeight);
  const all = next.follow || next.searching || state.searching;
  const seen = all ? next.count : Math.min(next.count, Math.max(next.seen, bottom));
  return seen === next.seen ? next : { ...next, seen };
}

/** The rows to draw, `[first, end)`, when `known` are there: those in sight and one before, for the time between. */
export function wantedRows(state: TrafficState, known: number) {
  const { follow, viewport, top, count } = state;
  const metrics = { total: follow ? known : count, rowHeight, viewport };
  const at = isAtEnd(state) ? maxTop(metrics) : clampTop(metrics, top);
  const visible = visibleRows(metrics, at, overscan);
  return { count: metrics.total, top: at, first: Math.max(0, visible.first - 1), end: visible.first + visible.count };
}

/** The row at place `at` is chosen and in sight; none is where `at` is below 0. */
export function rowChosen(state: TrafficState, at: number): Change {
  if (at < 0) return { selected: -1, selectedAt: -1, selectedShown: false };
  const { rows, shown, selected, top } = state;
  // Without a filter a place is a number; with one, the number comes with the row.
  const seq = rows.get(at)?.seq ?? (isEvery(shown) ? at : selected);
  return { selected: seq, selectedAt: at, selectedShown: true, top: revealRow(metricsOf(state), top, at) };
}

/** A record is chosen that was looked for: where it was out of sight, it comes with some of what is before it. */
export function placeChosen(state: TrafficState, { seq, index }: Place): Change {
  const count = Math.max(state.count, index + 1);
  const metrics = { ...metricsOf(state), total: count };
  const revealed = revealRow(metrics, state.top, index);
  const top = revealed === state.top ? revealed : clampTop(metrics, index - Math.floor(state.viewport / rowHeight / 3));
  return { count, top, selected: seq, selectedAt: index, selectedShown: true };
}

/** The place of the next row, or of the one before; from a record that the filter hides, of the one beside it. */
export function stepFrom({ selectedAt, selectedShown, count, top }: TrafficState, backward: boolean) {
  const from = selectedAt < 0 ? Math.ceil(top) : selectedShown && !backward ? selectedAt + 1 : selectedAt;
  const to = backward ? from - 1 : from;
  return to >= 0 && to < count ? to : undefined;
}

/** What of the places `[first, end)` is not in `rows`, as far as one question can ask for it. */
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

/** `state` with rows from place `first` on. */
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
    // The record chosen by its place is known now.
    selected: state.selectedShown ? (rows.get(state.selectedAt)?.seq ?? state.selected) : state.selected,
  };
  if (!isAtEnd(state)) return change;
  // Rows, count and position change together, so that following never shows an empty row.
  const count = Math.max(state.count, Math.min(known, first + fetched.length));
  return { ...change, count, top: maxTop({ total: count, rowHeight, viewport: state.viewport }) };
}

/**
 * What stays in sight when the filter changes: the chosen record where it is now, else the row at the upper edge. One
 * who follows the newest rows goes on following them.
 */
function anchorOf(state: TrafficState): FirstPageWish['anchor'] {
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

/** What to fetch for another filter: as many rows as are in sight, around what is to stay there. */
export function firstPageWish(
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

/** `state` with the rows of another filter in place of those that were shown. */
export function firstPageShown(
  state: TrafficState,
  { page, first, place }: FirstPage,
  wish: {
    readonly shown: Shown;
    readonly follow: boolean;
    readonly offset: number;
    readonly startAt: number | undefined;
  },
): Change {
  const { matched, scanned, total } = page;
  const searching = !isEvery(wish.shown) && scanned < total;
  const metrics = { total: matched, rowHeight, viewport: state.viewport };
  const end = maxTop(metrics);
  const top = place ? clampTop(metrics, place.index - wish.offset) : wish.follow && !searching ? end : 0;
  return {
    shown: wish.shown,
    switching: false,
    total: Math.max(total, state.total),
    scanned,
    searching,
    count: matched,
    seen: matched,
    top,
    follow: wish.follow && (!place || top >= end - 0.5),
    selectedAt: state.selected < 0 ? -1 : (place?.index ?? -1),
    selectedShown: place !== undefined && place.seq === state.selected,
    rows: mergeRows(new Map(), first, page.rows),
    sockets: mergeSockets(state.sockets, page.sockets),
    startAt: state.startAt ?? wish.startAt,
    failure: undefined,
  };
}

/** `state` when a long search has come to the record that was in sight before. */
export function placeReached(state: TrafficState, place: Place, offset: number, known: number): Change {
  return {
    count: known,
    top: clampTop({ ...metricsOf(state), total: known }, place.index - offset),
    follow: false,
    selectedAt: state.selected < 0 ? -1 : place.index,
    selectedShown: place.seq === state.selected,
  };
}

/** The rows with what has changed of bookmarks and notes; `undefined` where nothing has. */
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

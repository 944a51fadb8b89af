import { assertNever } from '#shared/assert-never.ts';
import type { QueryStatus } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { clampTop, maxTop, revealRow } from '../../ui/virtual-list.tsx';
import {
  type FirstPage,
  type FirstPageRequest,
  isEvery,
  type Page,
  type RowPosition,
  type Shown,
} from './traffic-queries.ts';
import {
  isAtEnd,
  mergeRows,
  mergeSockets,
  metricsOf,
  overscan,
  resizedTop,
  rowHeight,
  type TrafficState,
} from './traffic-state.ts';

type Change = Partial<TrafficState>;

/** What a new filter shows first. */
interface Switched {
  readonly shown: Shown;
  readonly follow: boolean;
  readonly offset: number;
  readonly startAt: number | undefined;
}

/** What happens to a traffic table: moves of the user, and news from the engine. */
export type TrafficEvent =
  | { readonly kind: 'resized'; readonly viewport: number }
  | { readonly kind: 'scrolled'; readonly top: number }
  | { readonly kind: 'stopped-following' }
  | { readonly kind: 'resumed-following' }
  | { readonly kind: 'selected'; readonly at: number }
  | { readonly kind: 'position-selected'; readonly position: RowPosition }
  | { readonly kind: 'total-changed'; readonly total: number; readonly isRecorded: boolean }
  | { readonly kind: 'searched'; readonly status: Status; readonly searching: boolean }
  | { readonly kind: 'rows-fetched'; readonly first: number; readonly page: Page; readonly startAt: number | undefined }
  | { readonly kind: 'rows-marked'; readonly rows: ReadonlyMap<number, Row> }
  | { readonly kind: 'end-reached'; readonly count: number; readonly top: number }
  | { readonly kind: 'switching'; readonly switching: boolean }
  | { readonly kind: 'switched'; readonly answer: FirstPage; readonly request: Switched }
  | { readonly kind: 'position-found'; readonly position: RowPosition; readonly offset: number }
  | { readonly kind: 'failed'; readonly failure: Failure };

type Status = Pick<QueryStatus, 'matched' | 'scanned' | 'total'>;

/** Returns the state after `event`. */
export function reduce(state: TrafficState, event: TrafficEvent): TrafficState {
  switch (event.kind) {
    case 'resized':
      return changed(state, { viewport: event.viewport, top: resizedTop(state, event.viewport) });
    case 'scrolled': {
      const metrics = metricsOf(state);
      return changed(moved(state), { top: clampTop(metrics, event.top), follow: event.top >= maxTop(metrics) - 0.5 });
    }
    case 'stopped-following':
      return stopped(state);
    case 'resumed-following': {
      const { known } = state;
      return changed(moved(state), { follow: true, count: known, top: maxTop({ ...metricsOf(state), total: known }) });
    }
    case 'selected': {
      const before = stopped(state);
      return changed(before, rowSelected(before, event.at));
    }
    case 'position-selected': {
      const before = stopped(including(state, event.position));
      return changed(before, positionSelected(before, event.position));
    }
    case 'total-changed':
      return totalChanged(state, event.total, event.isRecorded);
    case 'searched': {
      const { matched, scanned, total } = event.status;
      const change = { known: matched, scanned, total: Math.max(total, state.total), searching: event.searching };
      return changed(state, isAtEnd(state) ? change : { ...change, count: matched });
    }
    case 'rows-fetched':
      return changed(state, fetchedPage(state, event.first, event.page, event.startAt));
    case 'rows-marked':
      return changed(state, { rows: event.rows });
    case 'end-reached':
      return changed(state, { count: event.count, top: event.top });
    case 'switching':
      return changed(state, { switching: event.switching });
    case 'switched':
      return changed(state, firstPageShown(state, event.answer, event.request));
    case 'position-found': {
      const found = including(state, event.position);
      return changed(found, positionFound(found, event.position, event.offset));
    }
    case 'failed':
      return changed(state, { failure: event.failure });
    default:
      return assertNever(event);
  }
}

function moved(state: TrafficState): TrafficState {
  return { ...state, moves: state.moves + 1 };
}

/** Notes that there is a match at `position`, even if the engine has not reported it yet. */
function including(state: TrafficState, { index }: RowPosition): TrafficState {
  return { ...state, known: Math.max(state.known, index + 1) };
}

/** Stops following new rows, unless all rows are visible. */
function stopped(before: TrafficState): TrafficState {
  const state = moved(before);
  const { count, follow, known } = state;
  if (!follow || maxTop(metricsOf(state)) === 0) return state;
  return changed(state, { follow: false, seen: count, count: known });
}

/** Applies a new number of records. A stored session opens at its first record; one being recorded follows its end. */
function totalChanged(state: TrafficState, total: number, isRecorded: boolean): TrafficState {
  const next = changed(state, state.total === 0 && !isRecorded ? { total, follow: false } : { total });
  if (!isEvery(state.shown)) return next;
  if (next.follow) return { ...next, known: total };
  return changed(next, { known: total, count: total, seen: isRecorded ? state.seen : total });
}

/** Applies `change`. Rows that were visible count as seen, and so do matches that a search finds in earlier records. */
function changed(state: TrafficState, change: Change): TrafficState {
  const next = { ...state, ...change };
  const bottom = Math.ceil(next.top + next.viewport / rowHeight);
  const all = next.follow || next.searching || state.searching;
  const seen = all ? next.count : Math.min(next.count, Math.max(next.seen, bottom));
  return seen === next.seen ? next : { ...next, seen };
}

/** Selects the row at index `at` and scrolls to it; below 0, clears the selection. */
function rowSelected(state: TrafficState, at: number): Change {
  if (at < 0) return { selected: -1, selectedAt: -1, selectedShown: false };
  const { rows, shown, selected, top } = state;
  // Without a filter the index is the record's number; with one, the number is known once the row is fetched.
  const seq = rows.get(at)?.seq ?? (isEvery(shown) ? at : selected);
  return { selected: seq, selectedAt: at, selectedShown: true, top: revealRow(metricsOf(state), top, at) };
}

/** Selects the record at a position. If it was not visible, scrolls so that some rows before it are visible too. */
function positionSelected(state: TrafficState, { seq, index }: RowPosition): Change {
  const count = Math.max(state.count, index + 1);
  const metrics = { ...metricsOf(state), total: count };
  const revealed = revealRow(metrics, state.top, index);
  const top = revealed === state.top ? revealed : clampTop(metrics, index - Math.floor(state.viewport / rowHeight / 3));
  return { count, top, selected: seq, selectedAt: index, selectedShown: true };
}

/** Adds a fetched page whose first row has index `first`. */
function fetchedPage(
  state: TrafficState,
  first: number,
  { rows: fetched, sockets: infos }: Page,
  startAt: number | undefined,
): Change {
  const rows = mergeRows(isRechecked(state.sockets, infos) ? new Map() : state.rows, first, fetched);
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
  const count = Math.max(state.count, Math.min(state.known, first + fetched.length));
  return { ...change, count, top: maxTop({ total: count, rowHeight, viewport: state.viewport }) };
}

/** Returns true if another checksum is checked on a socket: the verdicts of its rows that were fetched before are outdated. */
function isRechecked(known: ReadonlyMap<number, SocketInfo>, infos: readonly SocketInfo[]): boolean {
  return infos.some((info) => {
    const before = known.get(info.id);
    return before !== undefined && before.checksum !== info.checksum;
  });
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
function firstPageShown(state: TrafficState, { page, first, position }: FirstPage, request: Switched): Change {
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
    known: matched,
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
function positionFound(state: TrafficState, position: RowPosition, offset: number): Change {
  return {
    count: state.known,
    top: clampTop({ ...metricsOf(state), total: state.known }, position.index - offset),
    follow: false,
    selectedAt: state.selected < 0 ? -1 : position.index,
    selectedShown: position.seq === state.selected,
  };
}

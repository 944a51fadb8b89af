import type { Failure } from '#shared/failure.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { everyRecord, type Shown } from './page-query.ts';

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
}

export const emptyTraffic: TrafficState = {
  shown: everyRecord,
  switching: false,
  total: 0,
  scanned: 0,
  searching: false,
  count: 0,
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

import type { Failure } from '#shared/failure.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { everyRecord, type Shown } from './page-query.ts';

export const rowHeight = 24;

/** What a traffic table shows. Rows are counted by their place among the records that match the filter. */
export interface TrafficState {
  /** Which records the rows are of; of every record the places are their numbers. */
  readonly shown: Shown;
  /** Others were asked for, and its first rows are not here yet. */
  readonly switching: boolean;
  /** Records of the session, and how many of them the filter has been put to. */
  readonly total: number;
  readonly scanned: number;
  /** The filter has not yet come to the records that were there when it was set. */
  readonly searching: boolean;
  /** Rows that there are. */
  readonly count: number;
  /** The row at the upper edge, with a fraction. */
  readonly top: number;
  readonly viewport: number;
  /** The newest row stays in sight. */
  readonly follow: boolean;
  /** Rows before this one were in sight or above it. */
  readonly seen: number;
  /** The number of the chosen record, −1 for none. It never changes because traffic arrives or the filter changes. */
  readonly selected: number;
  /** The place of the chosen record, or of the one that follows it where the filter hides it; −1 for none. */
  readonly selectedAt: number;
  /** False where the filter hides the chosen record. */
  readonly selectedShown: boolean;
  readonly rows: ReadonlyMap<number, Row>;
  readonly sockets: ReadonlyMap<number, SocketInfo>;
  /** When the first record happened: the zero of the time column. */
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

/** Rows kept beside those in sight, so that small movements need no fetch. */
const keptRows = 600;

/** `known` with `fetched` from place `first` on, without what is far away. */
export function mergeRows(
  known: ReadonlyMap<number, Row>,
  first: number,
  fetched: readonly Row[],
): ReadonlyMap<number, Row> {
  const rows = new Map<number, Row>();
  const end = first + fetched.length;
  for (const [at, row] of known) if (at >= first - keptRows && at < end + keptRows) rows.set(at, row);
  fetched.forEach((row, index) => {
    // A row that is here already stays the same object: what draws it need not draw it again.
    if (rows.get(first + index)?.seq !== row.seq) rows.set(first + index, row);
  });
  return rows;
}

/** `known` with what is new about sockets. */
export function mergeSockets(
  known: ReadonlyMap<number, SocketInfo>,
  infos: readonly SocketInfo[],
): ReadonlyMap<number, SocketInfo> {
  if (infos.length === 0) return known;
  const sockets = new Map(known);
  for (const info of infos) sockets.set(info.id, info);
  return sockets;
}

import type { Row, SocketInfo } from '../record/record.ts';
import type { PlacedRow } from './picture.ts';
import { type RowCall, rowCall } from './row-calls.ts';

/**
 * Returns when each row was over. A call says it itself: records of a traced program are written a little later, and what
 * follows from a call has the time of the call.
 */
export function endTimes(rows: readonly PlacedRow[], calls: readonly (RowCall | undefined)[]): readonly number[] {
  const times: number[] = [];
  for (const [index, { row }] of rows.entries()) {
    const { startAt, durationMs } = calls[index] ?? {};
    const before = rows[index - 1]?.row;
    const follows = before !== undefined && before.at === row.at && calls[index] === undefined;
    if (startAt !== undefined && durationMs !== undefined) times.push(startAt + durationMs);
    else times.push(follows ? (times[index - 1] as number) : row.at);
  }
  return times;
}

/** Rows in the order in which they happened. */
export interface OrderedRows {
  /** The rows by their place in the sequence. */
  readonly rows: ReadonlyMap<number, Row>;
  /** The place of the row with an index, and the index of the row at a place. */
  readonly placeOf: ReadonlyMap<number, number>;
  readonly indexAt: ReadonlyMap<number, number>;
  /** When the row at a place was over, milliseconds since the Unix epoch. */
  readonly times: ReadonlyMap<number, number>;
}

/**
 * Puts rows, by their index, in the order in which they happened. Traced programs report their calls a little later and one program after
 * the other, so that a recv may be recorded before the send of its bytes. Rows that follow each other keep their places as a
 * whole: only which row is at which of them changes.
 */
export function inOrder(rows: ReadonlyMap<number, Row>, infos: ReadonlyMap<number, SocketInfo>): OrderedRows {
  const placed = [...rows].map(([at, row]): PlacedRow => ({ at, row })).sort((one, two) => one.at - two.at);
  const calls = placed.map(({ row }) => rowCall(row, infos.get(row.socket)));
  const ends = endTimes(placed, calls);
  const sorted = placed.map((it, index) => ({ ...it, end: ends[index] as number }));
  sorted.sort((one, two) => one.end - two.end || one.at - two.at);
  const places = placed.map(({ at }) => at);
  return {
    rows: new Map(sorted.map(({ row }, index) => [places[index] as number, row])),
    placeOf: new Map(sorted.map(({ at }, index) => [at, places[index] as number])),
    times: new Map(sorted.map(({ end }, index) => [places[index] as number, end])),
    indexAt: new Map(sorted.map(({ at }, index) => [places[index] as number, at])),
  };
}

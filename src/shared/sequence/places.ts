import type { SocketInfo } from '../record/record.ts';
import { type Lane, lanesOf } from './lanes.ts';
import type { SequenceSockets } from './picture.ts';

/** The height of a row, in pixels: that of the table, so that both views scroll alike. */
export const rowHeight = 24;
/** The widths, in pixels, of the column of numbers and times, of the labels beside a lane, and of the arrows between two lanes. */
const gutter = 118;
const labelWidth = 284;
const arrowWidth = 176;
/** The length of an arrow to a peer that is not in the session. */
const stub = 120;

/** A lane and where its line stands. Labels stand on the left of a socket that connected, on the right of all others. */
export interface PlacedLane {
  readonly lane: Lane;
  readonly x: number;
  readonly isLeft: boolean;
}

/** Where the lanes stand, in pixels. */
export interface SequencePlaces {
  readonly lanes: ReadonlyMap<number, PlacedLane>;
  readonly width: number;
  readonly stub: number;
}

/** Returns what the layout needs to know of the sockets, and where their lanes stand. */
export function placeSockets(sockets: readonly SocketInfo[]): SequenceSockets & { readonly places: SequencePlaces } {
  const infos = new Map(sockets.map((info) => [info.id, info]));
  const lanes = lanesOf(sockets);
  const placed = new Map<number, PlacedLane>();
  let x = gutter;
  for (const lane of lanes) {
    const isLeft = infos.get(lane.socket)?.role === 'outgoing';
    const hasPartner = lane.other !== undefined;
    // The arrows of a pair are drawn between its lanes, those of others beside their lane.
    if (isLeft) x += labelWidth;
    else if (!hasPartner && !lane.isListener) x += stub + 10;
    placed.set(lane.socket, { lane, x, isLeft });
    if (isLeft) x += hasPartner ? arrowWidth : stub + 10;
    else x += labelWidth;
  }
  return {
    ...{ infos, lanes: new Map(lanes.map((lane) => [lane.socket, lane])) },
    places: { lanes: placed, width: Math.max(x, gutter), stub },
  };
}

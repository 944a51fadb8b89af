import type { SocketInfo } from '../record/record.ts';
import { type Lifeline, lifelinesOf } from './lifelines.ts';
import type { SequenceSockets } from './picture.ts';

/** The height of a row, in pixels: that of the table, so that both views scroll alike. */
export const rowHeight = 24;
/** The widths, in pixels, of the column of numbers and times, of the labels beside a lifeline, and of the arrows between two lifelines. */
const gutter = 118;
const labelWidth = 284;
const arrowWidth = 176;
/** The length of an arrow to a peer that is not in the session. */
const stub = 120;

/** A lifeline and where its line is. Labels are on the left of a socket that connected, on the right of all others. */
export interface PlacedLifeline {
  readonly lifeline: Lifeline;
  readonly x: number;
  readonly isLeft: boolean;
}

/** Where the lifelines are, in pixels. */
export interface SequencePlaces {
  readonly lifelines: ReadonlyMap<number, PlacedLifeline>;
  readonly width: number;
  readonly stub: number;
}

/** Returns what the layout needs to know of the sockets, and where their lifelines are. */
export function placeSockets(sockets: readonly SocketInfo[]): SequenceSockets & { readonly places: SequencePlaces } {
  const infos = new Map(sockets.map((info) => [info.id, info]));
  const lifelines = lifelinesOf(sockets);
  const placed = new Map<number, PlacedLifeline>();
  let x = gutter;
  for (const lifeline of lifelines) {
    const isLeft = infos.get(lifeline.socket)?.role === 'outgoing';
    const hasPartner = lifeline.other !== undefined;
    // The arrows of a pair are drawn between its lifelines, those of others beside their lifeline.
    if (isLeft) x += labelWidth;
    else if (!hasPartner && !lifeline.isListener) x += stub + 10;
    placed.set(lifeline.socket, { lifeline, x, isLeft });
    if (isLeft) x += hasPartner ? arrowWidth : stub + 10;
    else x += labelWidth;
  }
  return {
    ...{ infos, lifelines: new Map(lifelines.map((lifeline) => [lifeline.socket, lifeline])) },
    places: { lifelines: placed, width: Math.max(x, gutter), stub },
  };
}

import { abilitiesOf } from '../socket/transports.ts';
import type { Arrow, Gauge, PlacedRow, SequenceSockets } from './picture.ts';

/** The rows of one socket and direction, in the order of the stream. */
type Flow = readonly PlacedRow[];

interface Flows {
  readonly sent: ReadonlyMap<number, Flow>;
  readonly received: ReadonlyMap<number, Flow>;
}

function flowsOf(rows: readonly PlacedRow[]): Flows {
  const sent = new Map<number, PlacedRow[]>();
  const received = new Map<number, PlacedRow[]>();
  for (const placed of rows) {
    const { kind, socket } = placed.row;
    if (kind !== 'in' && kind !== 'out') continue;
    const flows = kind === 'in' ? received : sent;
    const flow = flows.get(socket);
    if (flow) flow.push(placed);
    else flows.set(socket, [placed]);
  }
  return { sent, received };
}

/**
 * Returns the arrows from each send to the recv or recvs that got its bytes, by the offsets of the stream. Bytes whose other
 * side is not in these rows have an arrow with one open end, so that the arrows of a send cover each of its bytes once.
 */
export function byteArrows(rows: readonly PlacedRow[], sockets: SequenceSockets): readonly Arrow[] {
  const { sent, received } = flowsOf(rows);
  const arrows: Arrow[] = [];
  for (const [socket, flow] of sent) {
    const other = comparedOther(socket, sockets);
    const reads = other === undefined ? [] : (received.get(other) ?? []);
    arrows.push(...arrowsBetween(socket, flow, other, reads));
  }
  // What was received without its send in these rows.
  for (const [socket, flow] of received) {
    const other = comparedOther(socket, sockets);
    if (other !== undefined && sent.has(other)) continue;
    arrows.push(...arrowsBetween(other, [], socket, flow));
  }
  return arrows.sort((one, two) => Math.max(one.from.at, one.to.at) - Math.max(two.from.at, two.to.at));
}

/** Returns the other end of a socket if both count the same bytes: TLS and WebSocket carry fewer than the TCP below them. */
function comparedOther(socket: number, { infos, lifelines }: SequenceSockets): number | undefined {
  const other = lifelines.get(socket)?.other;
  return other !== undefined && infos.get(other)?.transport === infos.get(socket)?.transport ? other : undefined;
}

/** The place after the last byte of a row. */
const endOf = ({ row }: PlacedRow) => row.offset + row.length;

/** Walks along one stream and returns an arrow for each piece that one send and one recv have in common, and for the rest. */
function arrowsBetween(from: number | undefined, sends: Flow, to: number | undefined, reads: Flow): readonly Arrow[] {
  const arrows: Arrow[] = [];
  const add = (start: number, end: number, send: PlacedRow | undefined, read: PlacedRow | undefined) => {
    if (end <= start) return;
    const at = Math.min(send?.at ?? Number.POSITIVE_INFINITY, read?.at ?? Number.POSITIVE_INFINITY);
    arrows.push({
      kind: 'bytes',
      // A send that was recorded after the recv of its bytes had begun before it.
      from: { socket: send === undefined ? undefined : from, at },
      to: { socket: read === undefined ? undefined : to, at: read?.at ?? at },
      bytes: end - start,
      offset: start,
    });
  };
  let which = 0;
  let place = 0;
  for (const send of sends) {
    place = Math.max(place, send.row.offset);
    while (place < endOf(send)) {
      const read = reads[which];
      const begin = read === undefined ? Number.POSITIVE_INFINITY : Math.max(read.row.offset, 0);
      if (read === undefined || begin >= endOf(send)) {
        add(place, endOf(send), send, undefined);
        place = endOf(send);
      } else if (endOf(read) <= place) {
        which += 1;
      } else if (begin > place) {
        add(place, begin, send, undefined);
        place = begin;
      } else {
        const end = Math.min(endOf(read), endOf(send));
        add(place, end, send, read);
        place = end;
      }
    }
  }
  for (const read of reads) for (const gap of gapsOf(read, sends)) add(gap.start, gap.end, undefined, read);
  return arrows;
}

/** Returns the bytes of a recv that none of the sends has. */
function gapsOf(read: PlacedRow, sends: Flow): readonly { readonly start: number; readonly end: number }[] {
  const first = sends[0];
  const last = sends.at(-1);
  if (first === undefined || last === undefined) return [{ start: read.row.offset, end: endOf(read) }];
  return [
    { start: read.row.offset, end: Math.min(endOf(read), first.row.offset) },
    { start: Math.max(read.row.offset, endOf(last)), end: endOf(read) },
  ];
}

/**
 * Returns how many bytes wait in the receive buffer after each send: those sent up to there and not received before it. Where
 * the rows do not say how much was received before, there is none.
 */
export function unreadBytes(rows: readonly PlacedRow[], sockets: SequenceSockets): readonly Gauge[] {
  const { sent, received } = flowsOf(rows);
  return [...sent].flatMap(([from, flow]) => {
    const socket = comparedOther(from, sockets);
    const info = socket === undefined ? undefined : sockets.infos.get(socket);
    if (socket === undefined || !info || abilitiesOf(info.transport).messageOriented) return [];
    return unreadAt(socket, flow, received.get(socket) ?? []);
  });
}

function unreadAt(socket: number, sends: Flow, reads: Flow): readonly Gauge[] {
  let which = 0;
  return sends.flatMap((send): readonly Gauge[] => {
    while ((reads[which]?.at ?? Number.POSITIVE_INFINITY) < send.at) which += 1;
    const before = reads[which - 1];
    const read = before ? endOf(before) : reads[which]?.row.offset;
    const amount = read === undefined ? 0 : endOf(send) - read;
    return amount > 0 ? [{ kind: 'unread', socket, at: send.at, amount }] : [];
  });
}

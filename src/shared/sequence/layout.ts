import type { Row } from '../record/record.ts';
import { abilitiesOf } from '../socket/transports.ts';
import { byteArrows, unreadBytes } from './bytes.ts';
import type { Lifeline } from './lifelines.ts';
import { endTimes } from './order.ts';
import type {
  Arrow,
  ArrowEnd,
  ArrowKind,
  CallBox,
  Gauge,
  PlacedRow,
  SequenceLayout,
  SequenceSockets,
  StateChange,
} from './picture.ts';
import { type RowCall, rowCall } from './row-calls.ts';

/**
 * Returns the picture of `rows`, which follow each other. The layout of a part of the rows is that part of the layout of all of
 * them: only what begins or ends outside of them has an open end there.
 */
export function layoutOf(rows: readonly PlacedRow[], sockets: SequenceSockets): SequenceLayout {
  const boxes = boxesOf(rows, sockets);
  const implied = rows.flatMap((placed) => impliedArrows(placed, sockets, boxes));
  const bytes = byteArrows(rows, sockets);
  return {
    boxes,
    arrows: [...implied, ...bytes],
    states: rows.flatMap((placed) => stateChange(placed, sockets) ?? []),
    gauges: [...unreadBytes(rows, sockets), ...backlogs(rows, sockets)],
  };
}

function boxesOf(rows: readonly PlacedRow[], { infos }: SequenceSockets): CallBox[] {
  const boxes = new Map<string, CallBox>();
  const first = rows[0]?.at ?? 0;
  const last = rows.at(-1)?.at ?? 0;
  /** The last row of each listener in which it listened or accepted. */
  const ready = new Map<number, number>();
  const calls = rows.map(({ row }) => rowCall(row, infos.get(row.socket)));
  const ends = endTimes(rows, calls);
  for (const [index, { at, row }] of rows.entries()) {
    const call = calls[index];
    const from = call === undefined ? at : startRow({ rows, ends }, index, call, ready);
    if (row.event?.kind === 'listening') ready.set(row.socket, at);
    if (row.event?.kind === 'accepted') ready.set(row.event.listener, at);
    if (call === undefined) continue;
    const beganBefore = from < first;
    const box = { ...call, seq: row.seq, from: Math.max(from, first), beganBefore: beganBefore && first > 0 };
    // The second record of a call that waited takes the place of the first one.
    boxes.set(call.key ?? `row ${row.seq}`, { ...box, at: call.waits ? last : at, endsAfter: call.waits });
  }
  return [...boxes.values()].sort((one, two) => one.at - two.at || one.seq - two.seq);
}

interface TimedRows {
  readonly rows: readonly PlacedRow[];
  readonly ends: readonly number[];
}

/** Returns the row in which a call began; one before the first row if it began before it. */
function startRow(
  { rows, ends }: TimedRows,
  index: number,
  { startAt, since, socket }: RowCall,
  ready: ReadonlyMap<number, number>,
): number {
  const first = (rows[0] as PlacedRow).at;
  const { at } = rows[index] as PlacedRow;
  if (since !== undefined) return (ready.get(socket) ?? first - 2) + 1;
  if (startAt === undefined) return at;
  let begin = index;
  while (begin > 0 && (ends[begin - 1] as number) > startAt) begin -= 1;
  return begin === 0 && index > 0 ? first - 1 : (rows[begin] as PlacedRow).at;
}

/** Returns the segments that the kernel sent because of what the row says. */
function impliedArrows(
  { at, row }: PlacedRow,
  { infos, lifelines }: SequenceSockets,
  boxes: readonly CallBox[],
): readonly Arrow[] {
  const info = infos.get(row.socket);
  const lifeline = lifelines.get(row.socket);
  if (info === undefined || lifeline === undefined || !row.event) return [];
  const arrow = (kind: ArrowKind, from: ArrowEnd, to: ArrowEnd): Arrow => ({ kind, from, to, bytes: 0, offset: 0 });
  const own = { socket: row.socket, at };
  const peer = { socket: lifeline.other, at };
  if (row.event.kind === 'accepted') return [arrow('socket', { socket: row.event.listener, at }, own)];
  if (!abilitiesOf(info.transport).reset) return [];
  switch (row.event.kind) {
    case 'opened': {
      const listener =
        (lifeline.other === undefined ? undefined : lifelines.get(lifeline.other)?.listener) ?? lifeline.other;
      const begun = boxes.find(
        (box) => box.socket === row.socket && box.name.startsWith('connect') && box.at <= at && box.at >= at - 1,
      );
      const start = begun?.from ?? at;
      return [
        arrow('SYN', { socket: row.socket, at: start }, { socket: listener, at: start }),
        arrow('SYN, ACK', { socket: listener, at }, own),
      ];
    }
    case 'shutdown':
      return [arrow('FIN', own, peer)];
    case 'closed':
      return closingArrows(row.event.cause, own, peer, lifeline).map(({ kind, from, to }) => arrow(kind, from, to));
    default:
      return [];
  }
}

function closingArrows(
  cause: Extract<NonNullable<Row['event']>, { kind: 'closed' }>['cause'],
  own: ArrowEnd,
  peer: ArrowEnd,
  { isListener, other }: Lifeline,
): readonly Pick<Arrow, 'kind' | 'from' | 'to'>[] {
  if (isListener || cause === 'failed') return [];
  if (cause === 'reset-by-us') return [{ kind: 'RST', from: own, to: peer }];
  // The lifeline of the other end shows its RST already, where there is one.
  if (cause === 'reset-by-peer') return other === undefined ? [{ kind: 'RST', from: peer, to: own }] : [];
  return [{ kind: 'FIN', from: own, to: peer }];
}

function stateChange({ at, row }: PlacedRow, { infos }: SequenceSockets): StateChange | undefined {
  const transport = infos.get(row.socket)?.transport;
  const isUdp = transport === 'udp';
  const state = stateAfter(row.event, isUdp);
  return state && { socket: row.socket, at, state };
}

function stateAfter(event: Row['event'], isUdp: boolean): StateChange['state'] | undefined {
  switch (event?.kind) {
    case 'listening':
      return 'LISTEN';
    case 'bound':
      return 'BOUND';
    case 'connecting':
      return isUdp ? undefined : 'SYN-SENT';
    case 'opened':
    case 'accepted':
      return isUdp ? undefined : 'ESTABLISHED';
    case 'shutdown':
      return 'FIN-WAIT';
    case 'ended':
      return 'CLOSE-WAIT';
    case 'closed':
      return event.cause === 'reset-by-us' || event.cause === 'reset-by-peer' ? 'RESET' : 'CLOSED';
    default:
      return undefined;
  }
}

/** Returns how many connections wait in the backlog after each connect() whose other end was accepted later in these rows. */
function backlogs(rows: readonly PlacedRow[], { lifelines }: SequenceSockets): Gauge[] {
  const acceptedAt = new Map<number, number>();
  for (const { at, row } of rows) if (row.event?.kind === 'accepted') acceptedAt.set(row.socket, at);
  const waiting = rows.flatMap(({ at, row }) => {
    const other = row.event?.kind === 'opened' ? lifelines.get(row.socket)?.other : undefined;
    const until = other === undefined ? undefined : acceptedAt.get(other);
    const socket = other === undefined ? undefined : lifelines.get(other)?.listener;
    return socket !== undefined && until !== undefined && until > at ? [{ socket, at, until }] : [];
  });
  return waiting.map(({ socket, at }) => ({
    ...{ kind: 'backlog' as const, socket, at },
    amount: waiting.filter((it) => it.socket === socket && it.at <= at && it.until > at).length,
  }));
}

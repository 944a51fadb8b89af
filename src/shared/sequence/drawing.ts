import type { Row } from '../record/record.ts';
import type { Lifeline } from './lifelines.ts';
import type { Arrow, CallBox, SequenceLayout } from './picture.ts';
import { type PlacedLifeline, rowHeight, type SequencePlaces } from './places.ts';
import { bytesLabel, clipped, sourcePlace, waitLabel } from './words.ts';

/** One shape of the picture. `style` names its look; `at`, where it has one, is the row that it belongs to. */
export type Shape =
  | {
      readonly kind: 'line';
      readonly style: LineStyle;
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
    }
  | {
      readonly kind: 'box';
      readonly style: BoxStyle;
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }
  | {
      readonly kind: 'text';
      readonly style: TextStyle;
      readonly x: number;
      readonly y: number;
      readonly anchor: Anchor;
      readonly parts: readonly TextPart[];
    };

type LineStyle = 'lifeline' | 'bytes' | 'implied' | 'reset' | 'head' | 'head-implied' | 'head-reset';
type BoxStyle = 'call' | 'waits' | 'failed' | 'implied-call' | 'gauge';
type TextStyle = 'call' | 'arrow' | 'number' | 'gauge';
type Anchor = 'start' | 'middle' | 'end';
/** A part of a text: its words and their look. */
export interface TextPart {
  readonly text: string;
  readonly look: 'plain' | 'quiet' | 'state' | 'failed' | 'bytes';
}

const barWidth = 10;
const arrowHead = 5;
const maxPreview = 18;

/** Returns the y of a row's middle in a picture whose first row is `first`. */
const middle = (at: number, first: number) => (at - first + 0.5) * rowHeight;

/** What is drawn: the layout of rows around the ones in sight, and the rows `[first, end)` that are in sight. */
export interface Drawn {
  readonly layout: SequenceLayout;
  readonly rows: ReadonlyMap<number, Row>;
  readonly places: SequencePlaces;
  readonly first: number;
  readonly end: number;
}

/** Returns the shapes of the rows in sight, from the back to the front. Coordinates in pixels, from the top of row `first`. */
export function drawSequence(drawn: Drawn): readonly Shape[] {
  const { layout, first, end } = drawn;
  const isSeen = (from: number, to: number) => Math.max(from, to) >= first && Math.min(from, to) < end;
  const boxes = layout.boxes.filter(({ from, at }) => isSeen(from, at));
  const arrows = layout.arrows.filter(({ from, to }) => isSeen(from.at, to.at));
  return [
    ...lifelineLines(drawn),
    ...boxes.flatMap((box) => boxShapes(box, drawn)),
    ...arrows.flatMap((arrow) => arrowShapes(arrow, drawn)),
    ...gaugeShapes(drawn),
    ...labels(boxes, drawn),
  ];
}

/** The line of each socket, from its first record to its end where these rows have them. */
function lifelineLines({ layout, rows, places, first, end }: Drawn): readonly Shape[] {
  const born = new Map<number, number>();
  const ended = new Map<number, number>();
  for (const [at, { socket, kind, event }] of rows) {
    const isBirth =
      kind === 'accepted' ||
      kind === 'listening' ||
      kind === 'connecting' ||
      kind === 'bound' ||
      (event?.kind === 'call' && event.name === 'socket');
    if (isBirth) born.set(socket, Math.min(at, born.get(socket) ?? at));
    if (kind === 'closed') ended.set(socket, at);
  }
  // accept() makes the box of a listener begin before that of any record.
  for (const { socket, from } of layout.boxes)
    if (born.has(socket)) born.set(socket, Math.min(from, born.get(socket) ?? from));
  return [...places.lifelines.values()].flatMap(({ lifeline, x }): Shape[] => {
    const from = Math.max(born.get(lifeline.socket) ?? first, first);
    const to = Math.min(ended.get(lifeline.socket) ?? end, end);
    if (to < from) return [];
    const isEnded = ended.has(lifeline.socket) && to < end;
    const y2 = isEnded ? middle(to, first) : (to - first) * rowHeight;
    const y1 = born.has(lifeline.socket) && from > first ? middle(from, first) : (from - first) * rowHeight;
    return [{ kind: 'line', style: 'lifeline', x1: x, y1, x2: x, y2 }];
  });
}

function boxShapes(box: CallBox, { places, first, end }: Drawn): readonly Shape[] {
  const placed = places.lifelines.get(box.socket);
  if (!placed) return [];
  const from = Math.max(box.from, first - 1);
  const to = Math.min(box.at, end);
  const isLong = box.at > box.from || box.waits;
  const style: BoxStyle = box.failed ? 'failed' : box.origin === 'implied' ? 'implied-call' : isLong ? 'waits' : 'call';
  const margin = 4;
  const top = (from - first) * rowHeight + (box.beganBefore ? 0 : margin);
  const bottom = (to - first + 1) * rowHeight - (box.endsAfter ? 0 : margin);
  const bar = { kind: 'box', x: placed.x - barWidth / 2, width: barWidth } as const;
  const shapes: Shape[] = [{ ...bar, style, y: top, height: bottom - top }];
  // The call returned in this row: it waited up to here.
  if (style === 'waits' && !box.endsAfter && box.at < end)
    shapes.push({ ...bar, style: 'call', y: (box.at - first) * rowHeight + margin, height: rowHeight - 2 * margin });
  return shapes;
}

function arrowShapes(arrow: Arrow, { places, rows, first }: Drawn): readonly Shape[] {
  const from = arrow.from.socket === undefined ? undefined : places.lifelines.get(arrow.from.socket);
  const to = arrow.to.socket === undefined ? undefined : places.lifelines.get(arrow.to.socket);
  const known = from ?? to;
  if (known === undefined) return [];
  const stub = (it: PlacedLifeline) => it.x + (it.isLeft ? places.stub : -places.stub);
  const [startX, endX] = [from?.x ?? stub(known), to?.x ?? stub(known)];
  const toRight = endX > startX ? 1 : -1;
  const x1 = startX + (from ? (toRight * barWidth) / 2 : 0);
  const x2 = endX - (to ? (toRight * barWidth) / 2 : 0);
  // The state of the new socket is in the same row.
  const lift = arrow.kind === 'socket' ? 7 : 0;
  const y1 = middle(arrow.from.at, first) - lift;
  const y2 = middle(arrow.to.at, first) - lift;
  const style = arrow.kind === 'bytes' ? 'bytes' : arrow.kind === 'RST' ? 'reset' : 'implied';
  const headStyle = arrow.kind === 'bytes' ? 'head' : arrow.kind === 'RST' ? 'head-reset' : 'head-implied';
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const head = (side: number): Shape => ({
    ...{ kind: 'line', style: headStyle, x1: x2, y1: y2 },
    x2: x2 - arrowHead * (dx * 1.6 + side * dy),
    y2: y2 - arrowHead * (dy * 1.6 - side * dx),
  });
  const text: Shape = {
    ...{ kind: 'text', style: 'arrow', x: (x1 + x2) / 2, y: (y1 + y2) / 2 - 3, anchor: 'middle' },
    parts: arrowParts(arrow, rows),
  };
  return [{ kind: 'line', style, x1, y1, x2, y2 }, head(1), head(-1), text];
}

function arrowParts({ kind, bytes, from, to }: Arrow, rows: ReadonlyMap<number, Row>): readonly TextPart[] {
  if (kind === 'socket') return [{ text: 'new socket', look: 'quiet' }];
  if (kind === 'RST') return [{ text: 'RST', look: 'failed' }];
  if (kind !== 'bytes') return [{ text: kind, look: 'quiet' }];
  const sent = rows.get(from.at);
  const received = rows.get(to.at);
  const whole = [sent, received].find(
    (row) => row !== undefined && (row.kind === 'in' || row.kind === 'out') && row.length === bytes,
  );
  const preview = whole === undefined ? '' : clipped(whole.preview, maxPreview);
  return [
    { text: bytesLabel(bytes), look: 'bytes' },
    ...(preview === '' ? [] : [{ text: `  ${preview}`, look: 'quiet' } as const]),
  ];
}

function gaugeShapes({ layout, places, first, end }: Drawn): readonly Shape[] {
  return layout.gauges.flatMap(({ kind, socket, at, amount }): Shape[] => {
    const placed = places.lifelines.get(socket);
    if (!placed || at < first || at >= end) return [];
    const side = placed.isLeft ? -1 : 1;
    const y = middle(at, first);
    const text = kind === 'backlog' ? `backlog ${amount}` : `unread ${bytesLabel(amount)}`;
    const fill = kind === 'backlog' ? Math.min(1, amount / 5) : Math.min(1, Math.log10(amount + 1) / 5);
    const x = placed.x + side * (barWidth / 2 + 5);
    return [
      { kind: 'box', style: 'gauge', x: side > 0 ? x : x - 4, y: y - 8 + 16 * (1 - fill), width: 4, height: 16 * fill },
      {
        kind: 'text',
        style: 'gauge',
        x: x + side * 8,
        y: y + 4,
        anchor: side > 0 ? 'start' : 'end',
        parts: [{ text, look: 'quiet' }],
      },
    ];
  });
}

/** The label of each row in the lifeline of its socket: the call, the line that made it, and the state that follows. */
function labels(boxes: readonly CallBox[], { layout, rows, places, first, end }: Drawn): readonly Shape[] {
  const parts = new Map<string, TextPart[]>();
  const add = (lifeline: number, at: number, more: readonly TextPart[]) => {
    if (at < first || at >= end) return;
    const key = `${lifeline} ${at}`;
    parts.set(key, [...(parts.get(key) ?? []), ...more]);
  };
  for (const box of boxes) {
    const at = box.endsAfter ? Math.min(box.from, end - 1) : box.at;
    const noteText = noteOf(box, rows.get(box.at));
    add(box.socket, at, [
      { text: box.label, look: box.failed ? 'failed' : 'plain' },
      ...(noteText === '' ? [] : [{ text: noteText, look: 'quiet' } as const]),
    ]);
  }
  for (const { socket, at, state } of layout.states) add(socket, at, [{ text: state, look: 'state' }]);
  return [...parts].flatMap(([key, words]): Shape[] => {
    const [socket, at] = key.split(' ').map(Number) as [number, number];
    const placed = places.lifelines.get(socket);
    if (!placed) return [];
    const side = placed.isLeft ? -1 : 1;
    const ordered = placed.isLeft ? words.toReversed() : words;
    return [
      {
        ...{ kind: 'text', style: 'call', anchor: placed.isLeft ? 'end' : 'start' },
        x: placed.x + side * (barWidth / 2 + 6),
        y: middle(at, first) + 4,
        parts: ordered.map(({ text, look }, index) => ({ text: index === 0 ? text : `  ${text}`, look })),
      },
    ];
  });
}

function noteOf({ durationMs, waits }: CallBox, row: Row | undefined): string {
  const event = row?.event;
  const place = event?.kind === 'call' && event.file !== undefined ? sourcePlace(event.file, event.line) : '';
  return [place, waits ? 'waits' : waitLabel(durationMs)].filter(Boolean).join(' · ');
}

/** Returns the heading of a lifeline: its owner, and the socket. */
export function headingOf({ owner, title }: Lifeline): readonly [string, string] {
  return [clipped(owner, 30), clipped(title, 34)];
}

import { callsOf } from '../calls/calls.ts';
import type { Row } from '../record/record.ts';
import { baseName } from '../socket/events/call.ts';
import type { Lifeline } from './lifelines.ts';
import type { CallBox, SequenceLayout, SequenceSockets } from './picture.ts';

/** A line of the source of one end. */
export interface SourceLine {
  /** Unique among the lines of its end. */
  readonly key: string;
  /** The number of the line in its file; undefined for generated lines. */
  readonly line: number | undefined;
  readonly text: string;
  readonly isCurrent: boolean;
}

/** The source of one end of a connection: the lines that make calls, and which one is at work. */
export interface EndSource {
  readonly owner: string;
  /** The name of the file; undefined for lines that were generated from the calls of an endpoint. */
  readonly file: string | undefined;
  /** The current call is still waiting. */
  readonly isWaiting: boolean;
  readonly lines: readonly SourceLine[];
}

/** The maximum lines that are shown before and after the current one. */
const around = 1;

interface Step {
  readonly layout: SequenceLayout;
  readonly rows: ReadonlyMap<number, Row>;
  readonly sockets: SequenceSockets;
  /** The index of the selected row. */
  readonly at: number;
}

/** Returns the source of the end that the selected row belongs to, and that of the end that it talks to. */
export function sourcesAt(step: Step): readonly EndSource[] {
  const { rows, sockets, at, layout } = step;
  const row = rows.get(at);
  const lifeline = row && sockets.lifelines.get(row.socket);
  if (!row || !lifeline) return [];
  const other = otherLifeline(step, lifeline);
  const isShared = other?.owner === lifeline.owner;
  const boxesOf = ({ socket, owner }: Lifeline) =>
    layout.boxes.filter((box) =>
      isShared ? box.socket === socket : sockets.lifelines.get(box.socket)?.owner === owner,
    );
  return [lifeline, ...(other ? [other] : [])].flatMap((end) => endSource(step, end, boxesOf(end)) ?? []);
}

/** The lifeline at the other end; of a listener, that of the end with another owner whose call is at work. */
function otherLifeline({ sockets, layout, at }: Step, lifeline: Lifeline): Lifeline | undefined {
  const direct = lifeline.other === undefined ? undefined : sockets.lifelines.get(lifeline.other);
  if (direct) return direct;
  const others = layout.boxes.filter(({ socket }) => {
    const owner = sockets.lifelines.get(socket)?.owner;
    return owner !== undefined && owner !== lifeline.owner;
  });
  const box = currentBox(others, at) ?? others[0];
  return box && sockets.lifelines.get(box.socket);
}

/** The call that the row is of, or that waits at it, or the last one before it. */
function currentBox(boxes: readonly CallBox[], at: number): CallBox | undefined {
  return (
    boxes.find((box) => box.at === at && !box.endsAfter) ??
    boxes.findLast((box) => box.from <= at && at < box.at) ??
    boxes.findLast((box) => box.at <= at)
  );
}

function endSource({ rows, sockets, at }: Step, lifeline: Lifeline, boxes: readonly CallBox[]): EndSource | undefined {
  const current = currentBox(boxes, at);
  const lines = new Map<string, SourceLine & { readonly order: number }>();
  let file: string | undefined;
  for (const box of boxes) {
    const row = rows.get(box.at) ?? rows.get(box.from);
    if (!row) continue;
    for (const found of linesOf(row, sockets)) {
      const isCurrent = box === current || lines.get(found.key)?.isCurrent === true;
      lines.set(found.key, { ...found, isCurrent });
      if (box === current) file = found.file;
    }
  }
  const ofFile = [...lines.values()].filter((it) => (it as { file?: string }).file === file);
  const sorted = ofFile.sort((one, two) => one.order - two.order);
  const index = sorted.findIndex(({ isCurrent }) => isCurrent);
  const from = Math.max(0, Math.min(index - around, sorted.length - 2 * around - 1));
  const shown = sorted
    .slice(from, from + 2 * around + 1)
    .map(({ key, line, text, isCurrent }) => ({ key, line, text, isCurrent }));
  if (shown.length === 0) return undefined;
  const isWaiting = current !== undefined && current.at > at;
  return { owner: lifeline.owner, file: file === undefined ? undefined : baseName(file), isWaiting, lines: shown };
}

interface FoundLine {
  readonly key: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly text: string;
  readonly order: number;
}

/** Returns the lines that made the call of a row: the program's own one, or the generated ones of Wirebench's socket. */
function linesOf(row: Row, { infos }: SequenceSockets): readonly FoundLine[] {
  const { event, seq } = row;
  if (event?.kind === 'call') {
    const { file, line, source, name, args } = event;
    const text = source?.trim() || `${name}(${args})`;
    const key = file === undefined ? text : `${file}:${line ?? 0}`;
    return [{ key, file, line, text, order: line ?? seq }];
  }
  return callsOf(row, infos.get(row.socket)).map(({ call }, index) => ({
    ...{ key: `${seq} ${index}`, file: undefined, line: undefined, text: call, order: seq + index / 100 },
  }));
}

import { isUtf8 } from 'node:buffer';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { eventText } from '#shared/record/jsonl.ts';
import { kindCodes, type RecordKind } from '#shared/record/record.ts';
import { bodyRange } from '#shared/record/record-format.ts';
import type { BlockIndex } from '../reading/block-index.ts';
import type { DecodedBlock } from '../reading/decoded-block.ts';
import { rowOf } from '../reading/rows.ts';
import { isMessage } from './saving.ts';

/** Bodies up to this size are one value in a table; of longer ones each part of this size is. */
export const maxValueBytes = 8 * 1_048_576;

/** One record as tables have it. */
export interface TableRow {
  readonly seq: number;
  /** Microseconds since the epoch. */
  readonly atMicros: number;
  readonly kind: RecordKind | 'message';
  readonly direction: 'in' | 'out' | null;
  readonly socket: number;
  readonly offset: number;
  /** Bytes of the message without and with its framing; 0 for lifecycle events. */
  readonly length: number;
  readonly wire: number;
  readonly flags: number;
  readonly head: Uint8Array | null;
  readonly tail: Uint8Array | null;
  /** The message's body where it is one value: as UTF-8 without NUL, or else as bytes. */
  readonly body: Uint8Array | undefined;
  readonly isText: boolean;
  /** A lifecycle event's sentence and its JSON. */
  readonly sentence: string | null;
  readonly event: string | null;
}

/** Record `at` of `block`. A long message's body is left out: see `maxValueBytes`. */
export function tableRow(block: DecodedBlock, at: number): TableRow {
  const { columns } = block;
  const code = columns.kinds[at] as number;
  const seq = block.first + at;
  const common = { seq, atMicros: Math.round(block.at(at) * 1_000), socket: columns.sockets[at] as number };
  if (!isMessage(block, at)) return { ...common, ...eventRow(block, at) };
  const length = columns.lengths[at] as number;
  const { from, to } = bodyRange({ length, head: columns.heads[at] as number, tail: columns.tails[at] as number });
  const isLong = to - from > maxValueBytes;
  const bytes = isLong ? undefined : block.bytes(at, 0, length);
  const body = bytes?.subarray(from, to);
  return {
    ...common,
    kind: 'message',
    direction: code === kindCodes.out ? 'out' : 'in',
    offset: columns.offsets[at] as number,
    length: to - from,
    wire: length,
    flags: columns.flags[at] as number,
    head: from === 0 ? null : block.bytes(at, 0, from),
    tail: to === length ? null : block.bytes(at, to, length),
    body,
    isText: body !== undefined && isUtf8(body) && !body.includes(0),
    sentence: null,
    event: null,
  };
}

function eventRow(block: DecodedBlock, at: number): Omit<TableRow, 'seq' | 'atMicros' | 'socket'> {
  const row = rowOf(block, at);
  const length = block.columns.lengths[at] as number;
  return {
    kind: row.kind,
    direction: null,
    offset: 0,
    length: 0,
    wire: 0,
    flags: 0,
    head: null,
    tail: null,
    body: undefined,
    isText: true,
    sentence: eventText(row),
    event: length <= maxEventBytes ? decodeUtf8Lossy(block.bytes(at, 0, length)) : null,
  };
}

const maxEventBytes = 1_048_576;

/** What a person left at record `seq`. */
export function markAt(index: BlockIndex, seq: number): { bookmarked: boolean; note: string } | undefined {
  const mark = index.marks.size === 0 ? undefined : index.marks.get(seq);
  return mark && (mark.bookmarked || mark.note !== '') ? mark : undefined;
}

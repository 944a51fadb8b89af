import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { eventText } from '#shared/export/formats/jsonl.ts';
import { bodyRange, bytesOfText, StreamTexts } from '#shared/export/record-format.ts';
import { type ChecksumVerdict, kindCodes, type RecordKind } from '#shared/record/record.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { DecodedBlock } from '../../format/decoded-block.ts';
import { isMessage } from '../../format/decoded-block.ts';
import { checksumAt, rowOf } from '../../query/rows.ts';
import { isPlainText } from './saving.ts';

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
  /** The verdict on the checksum of a received message; null where it is not checked. */
  readonly checksum: ChecksumVerdict | null;
  readonly head: Uint8Array | null;
  readonly tail: Uint8Array | null;
  /** The message's own bytes, where they are one value. */
  readonly body: Uint8Array | undefined;
  /** Its text, where `body` is UTF-8 without NUL: with a character that records before it began. */
  readonly text: Uint8Array | undefined;
  /** How many bytes at the start of `text` earlier records have. */
  readonly carried: number;
  /** Bytes of `body` after `text`, of a character that a later record completes. */
  readonly rest: Uint8Array | null;
  /** A lifecycle event's sentence and its JSON. */
  readonly sentence: string | null;
  readonly event: string | null;
}

/** Tracks the characters that records split. Records may be left out: a character continues only in the next record of its flow. */
export function tableTexts(): StreamTexts {
  return new StreamTexts(isPlainText, { seesAll: false });
}

/**
 * Returns record `at` of `block`, the next in order that goes through `texts`. A long message's body is left out: see
 * `maxValueBytes`.
 */
export function tableRow(index: BlockIndex, texts: StreamTexts, block: DecodedBlock, at: number): TableRow {
  const { sockets } = index;
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
  const direction = code === kindCodes.out ? 'out' : 'in';
  const offset = columns.offsets[at] as number;
  const flags = columns.flags[at] as number;
  const piece = { socket: common.socket, kind: direction, offset, length, flags } as const;
  const found = body && texts.take(piece, body, sockets.get(common.socket));
  return {
    ...common,
    kind: 'message',
    direction,
    offset,
    length: to - from,
    wire: length,
    flags,
    checksum: checksumAt(block, at, index) ?? null,
    head: from === 0 ? null : block.bytes(at, 0, from),
    tail: to === length ? null : block.bytes(at, to, length),
    body,
    text: found && bytesOfText(found, body),
    carried: found?.carried ?? 0,
    rest: found && found.to < body.length ? body.subarray(found.to) : null,
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
    checksum: null,
    head: null,
    tail: null,
    body: undefined,
    text: undefined,
    carried: 0,
    rest: null,
    sentence: eventText(row),
    event: length <= maxEventBytes ? decodeUtf8Lossy(block.bytes(at, 0, length)) : null,
  };
}

/** Returns the parts of a message that is too long for one value, each with its number. */
export function* partsOf(
  { length, head }: TableRow,
  block: DecodedBlock,
  at: number,
): Generator<readonly [part: number, bytes: Uint8Array]> {
  const from = head?.length ?? 0;
  for (let begin = 0; begin < length; begin += maxValueBytes) {
    const end = Math.min(length, begin + maxValueBytes);
    yield [begin / maxValueBytes, block.bytes(at, from + begin, from + end)];
  }
}

const maxEventBytes = 1_048_576;

/** What a person left at record `seq`. */
export function markAt(index: BlockIndex, seq: number): { bookmarked: boolean; note: string } | undefined {
  const mark = index.marks.size === 0 ? undefined : index.marks.get(seq);
  return mark && (mark.bookmarked || mark.note !== '') ? mark : undefined;
}

import { isAscii, isUtf8 } from 'node:buffer';
import type { ExportOptions } from '#shared/export/export-formats.ts';
import { csvFormat } from '#shared/export/formats/csv.ts';
import { eventText, jsonlFormat } from '#shared/export/formats/jsonl.ts';
import { textFormat } from '#shared/export/formats/text.ts';
import {
  bodyRange,
  bytesOfText,
  frameOf,
  type RecordFormat,
  StreamTexts,
  withSplit,
} from '#shared/export/record-format.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import type { BlockIndex } from '../../../format/block-index.ts';
import type { DecodedBlock } from '../../../format/decoded-block.ts';
import { isMessage } from '../../../format/decoded-block.ts';
import { startOf } from '../../../query/filter/filter-context.ts';
import type { Progress } from '../../../threads.ts';
import {
  type ExportWriter,
  eachRecord,
  exportRow,
  isLongText,
  isPlainText,
  pieceBytes,
  piecesOf,
  run,
  type SaveSource,
  type Saving,
  sizeWith,
} from '../saving.ts';
import type { TargetFile } from '../target-file.ts';

export const text = writerOf(() => textFormat, 90);
export const jsonl = writerOf(() => jsonlFormat, 165);
export const csv = writerOf((index, { keepFormulas }) => csvFormat(startOf(index), keepFormulas), 125);

/** Returns the writer of a text format, which takes `perRecord` bytes for each record beside its message. */
function writerOf(
  formatOf: (index: BlockIndex, options: ExportOptions) => RecordFormat,
  perRecord: number,
): ExportWriter {
  return {
    write: (source, target, job) => run(saveText(source, formatOf(source.index, job), target), job),
    size: sizeWith(perRecord),
  };
}

/** The target, the format, and the characters that a later record completes. */
interface Writing {
  readonly target: TargetFile;
  readonly format: RecordFormat;
  readonly texts: StreamTexts;
}

/** Writes the chosen records in a text format, the first `most` of them. */
export function* saveText(
  source: SaveSource,
  format: RecordFormat,
  target: TargetFile,
  most = Number.POSITIVE_INFINITY,
): Saving {
  const { index } = source;
  // Longer records are written in pieces, or only their start.
  const longBytes = Math.min(pieceBytes, format.maxBodyBytes ?? pieceBytes);
  // Records may be left out: a character continues only where the next record follows in its flow.
  const texts = new StreamTexts(format.refusesNul ? isPlainText : isUtf8, { seesAll: false });
  target.addText(format.header ?? '');
  const write = (block: DecodedBlock, at: number, progress: Progress) => {
    const row = exportRow(index, block, at);
    const socket = index.sockets.get(row.socket);
    if (row.length > longBytes) return writeLong({ target, format, texts }, block, row, socket, progress);
    const text = isMessage(block, at)
      ? messageText({ format, texts }, row, block.bytes(at, 0, row.length), socket)
      : format.begin(row, 0, true, socket) + format.text(eventText(row)) + format.end(true);
    return target.addText(text);
  };
  const records = yield* eachRecord(source, write, { most });
  target.addText(format.footer ?? '');
  return records;
}

/** One message as text: as `formatRecord` returns it, with Node's faster functions. */
function messageText(
  { format, texts }: Pick<Writing, 'format' | 'texts'>,
  row: Row,
  bytes: Uint8Array,
  socket: SocketInfo | undefined,
): string {
  const { from, to } = bodyRange(row);
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  const found = texts.take(row, body, socket);
  const text = found && textOf(format, bufferOf(bytesOfText(found, body)));
  const framing = format.showsFraming ? frameOf(row, (begin, end) => bytes.subarray(begin, end)) : undefined;
  const frame = found ? withSplit(framing, found, body.length) : framing;
  const start = format.begin(row, body.length, text !== undefined, socket, frame);
  return start + (text ?? format.bytes(body)) + format.end(text !== undefined);
}

/** Bodies up to this size are escaped as bytes, where the format can. */
const scratchBytes = 4_096;
const scratch = Buffer.allocUnsafe(scratchBytes * 2);

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Returns `body`, which the format takes as text, as the format writes it. */
function textOf(format: RecordFormat, body: Buffer): string {
  const encoding = isAscii(body) ? 'latin1' : 'utf8';
  if (format.escape === undefined || body.length > scratchBytes) return format.text(body.toString(encoding));
  return scratch.toString(encoding, 0, format.escape(body, scratch));
}

/** Writes one record in pieces, as it may be longer than a string can be. */
function* writeLong(
  { target, format, texts }: Writing,
  block: DecodedBlock,
  row: Row,
  socket: SocketInfo | undefined,
  { done, total }: Progress,
): Generator<Progress, void> {
  const { from, to } = bodyRange(row);
  const at = row.seq - block.first;
  const progress = { done, total };
  const length = to - from;
  const shown = Math.min(length, format.maxBodyBytes ?? length);
  const alignment = shown < length ? 'shortened' : 'characters';
  const ends = {
    length,
    start: block.bytes(at, from, Math.min(to, from + 4)),
    end: block.bytes(at, Math.max(from, to - 4), to),
  };
  const found = texts.look(row, ends, socket);
  // Where it is shortened, its end is not written.
  const textEnd = from + (shown < length ? shown : found.to);
  const isText = yield* isLongText(block, at, from + found.from, textEnd, progress, alignment, format.refusesNul);
  if (isText) texts.settle(row, found);
  const framing = format.showsFraming ? frameOf(row, (begin, end) => block.bytes(at, begin, end)) : undefined;
  const frame = isText ? withSplit(framing, found, length) : framing;
  target.addText(format.begin(row, length, isText, socket, frame));
  if (isText && found.first.length > 0) target.addText(format.text(bufferOf(found.first).toString()));
  const [begin, end] = isText ? [from + found.from, textEnd] : [from, from + shown];
  for (const piece of piecesOf(block, at, begin, end, isText ? alignment : 'bytes')) {
    target.addText(
      isText ? format.text(Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString()) : format.bytes(piece),
    );
    yield progress;
  }
  if (shown < length) target.addText(format.shortened?.(shown, length) ?? '');
  target.addText(format.end(isText));
}

import { isAscii, isUtf8 } from 'node:buffer';
import { eventText } from '#shared/export/jsonl.ts';
import { bodyRange, frameOf, type RecordFormat, withSplit } from '#shared/export/record-format.ts';
import { bytesOfText, StreamTexts } from '#shared/export/stream-text.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import type { DecodedBlock } from '../reading/decoded-block.ts';
import type { Progress } from '../reading/slices.ts';
import {
  chosenBlocks,
  exportRow,
  isLongText,
  isMessage,
  isPlainText,
  pieceBytes,
  piecesOf,
  placeOf,
  type SaveSource,
  type Saving,
} from './saving.ts';
import type { TargetFile } from './target-file.ts';

/** What records are written to, how, and what of their characters is still to come. */
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
  // Longer ones are written in pieces, or not to their end.
  const longBytes = Math.min(pieceBytes, format.maxBodyBytes ?? pieceBytes);
  // Records may be left out: a character goes on only where the next one follows in its flow.
  const texts = new StreamTexts(format.refusesNul ? isPlainText : isUtf8, { seesAll: false });
  let records = 0;
  target.addText(format.header ?? '');
  for (const chosen of chosenBlocks(source)) {
    const { block } = chosen;
    const count = Math.min(chosen.count, most - records);
    for (let which = 0; which < count; which += 1) {
      const at = placeOf(chosen, which);
      const row = exportRow(index, block, at);
      const socket = index.sockets.get(row.socket);
      if (row.length > longBytes) {
        yield* writeLong({ target, format, texts }, block, row, socket, chosen);
      } else {
        const text = isMessage(block, at)
          ? messageText({ format, texts }, row, block.bytes(at, 0, row.length), socket)
          : format.begin(row, 0, true, socket) + format.text(eventText(row)) + format.end(true);
        if (target.addText(text)) yield chosen;
      }
    }
    records += count;
    yield chosen;
    if (records === most) break;
  }
  target.addText(format.footer ?? '');
  return records;
}

/** One message as text: as `formatRecord` gives it, by Node's faster means. */
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

/** Writes one record in pieces, which no limit on the length of a string ends. */
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
  const alignment = shown < length ? 'cut' : 'characters';
  const ends = {
    length,
    start: block.bytes(at, from, Math.min(to, from + 4)),
    end: block.bytes(at, Math.max(from, to - 4), to),
  };
  const found = texts.look(row, ends, socket);
  // Where not all of it is shown, its end is no matter.
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

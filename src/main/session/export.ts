import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { blockTypes, makeBlock } from '#shared/record/block.ts';
import { formatRecord } from '#shared/record/jsonl.ts';
import type { Row } from '#shared/record/record.ts';
import { bodyRange, frameOf, type RecordFormat } from '#shared/record/record-format.ts';
import type { SessionTotals } from '#shared/record/session-header.ts';
import type { BlockIndex } from './block-index.ts';
import { type DecodedBlock, readBlock } from './decoded-block.ts';
import { rowOf } from './rows.ts';
import type { Scan } from './scan.ts';
import type { Progress } from './slices.ts';
import type { TargetFile } from './target-file.ts';

/*
 * The ways to write a session to another file, as generators: each `yield` is a place to pause or stop, and says how
 * much is done. They give how many records were written.
 */

export type Saving = Generator<Progress, number>;

/** Larger messages are written in pieces, which no limit on the length of a string ends. A multiple of 3. */
const pieceBytes = 3 * 262_144;
const copyBytes = 1_048_576;
const noBytes = new Uint8Array(0);

/** Writes the records that `index` has now in a text format. */
export function* saveText(index: BlockIndex, format: RecordFormat, target: TargetFile): Saving {
  const blocks = index.count;
  const total = index.end;
  let records = 0;
  for (let at = 0; at < blocks; at += 1) {
    const block = readBlock(index, at);
    // A block that does not check has cut the index: what is before it is all there is.
    if (block === undefined) break;
    const done = index.positions[at] as number;
    for (let record = 0; record < block.count; record += 1) {
      for (const text of recordTexts(index, format, block, record)) {
        if (target.addText(text)) yield { done, total };
      }
      records += 1;
    }
    yield { done, total };
  }
  return records;
}

/** Copies the session as it is now, ended in order. Reads all of it twice: to check and count, and to copy. */
export function* saveSession(index: BlockIndex, scan: Scan, target: TargetFile): Saving {
  while (!scan.finished) {
    scan.run(0);
    yield { done: scan.position, total: index.end * 2 };
  }
  // Taken at one moment: a live session may grow from here on.
  const { end, total: records } = index;
  const { messagesIn, messagesOut, bytesIn, bytesOut, problems } = scan;
  const messages = messagesIn + messagesOut;
  const totals: SessionTotals = { records, messages, bytes: bytesIn + bytesOut, problems };
  for (let at = 0; at < end; at += copyBytes) {
    target.write(index.file.read(at, Math.min(copyBytes, end - at)));
    yield { done: end + at, total: end * 2 };
  }
  target.write(makeBlock(blockTypes.end, encodeUtf8(JSON.stringify(totals)), records, crc32));
  return records;
}

/** One record as text: at once, or in pieces where it is long. */
function recordTexts(index: BlockIndex, format: RecordFormat, block: DecodedBlock, at: number): Iterable<string> {
  const row = rowOf(block, at, false);
  const socket = index.sockets.get(row.socket);
  if (row.length > pieceBytes) return longTexts(index, format, block, row);
  const bytes = row.length === 0 ? noBytes : block.bytes(at, 0, row.length);
  return [formatRecord(format, row, bytes, socket)];
}

function* longTexts(index: BlockIndex, format: RecordFormat, block: DecodedBlock, row: Row): Iterable<string> {
  const { from, to } = bodyRange(row);
  const at = row.seq - block.first;
  const isText = isLongText(block, at, from, to);
  const frame = frameOf(row, (begin, end) => block.bytes(at, begin, end));
  yield format.begin(row, to - from, isText, index.sockets.get(row.socket), frame);
  for (const piece of pieces(block, at, from, to, isText)) {
    yield isText
      ? format.text(Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString())
      : format.bytes(piece);
  }
  yield format.end(isText);
}

/** True where bytes `[from, to)` of a record are UTF-8. If they are, so is each piece that ends between characters. */
function isLongText(block: DecodedBlock, at: number, from: number, to: number): boolean {
  for (const piece of pieces(block, at, from, to, true)) if (!isUtf8(piece)) return false;
  return true;
}

/** Bytes `[from, to)` of a record in pieces, which end between characters where `aligned`. */
function* pieces(block: DecodedBlock, at: number, from: number, to: number, aligned: boolean): Iterable<Uint8Array> {
  for (let begin = from; begin < to; ) {
    const end = Math.min(to, begin + pieceBytes);
    const piece = block.bytes(at, begin, end);
    const length = aligned && end < to ? lastCharacterAt(piece) : piece.length;
    yield piece.subarray(0, length);
    begin += length;
  }
}

/** Where the last character of `piece` begins, if it is UTF-8: it may go on behind the piece. */
function lastCharacterAt(piece: Uint8Array): number {
  for (let at = piece.length - 1; at >= piece.length - 4; at -= 1) {
    if (((piece[at] as number) & 0xc0) !== 0x80) return at;
  }
  return piece.length;
}

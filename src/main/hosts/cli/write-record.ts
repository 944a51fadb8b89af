import { isUtf8 } from 'node:buffer';
import { formatRecord } from '#shared/record/jsonl.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { bodyRange, frameOf, type RecordFormat } from '#shared/record/record-format.ts';

/** Takes a piece of output. Bytes are only lent: who keeps them copies them. */
export type WritePiece = (piece: string | Uint8Array) => void;

/** A longer message is written in pieces of this size, so that no string is much larger. A multiple of 3. */
const pieceBytes = 3 * 262_144;

/** Writes one record in `format`. `bytes`: all of the record's, framing included. */
export function writeRecord(
  format: RecordFormat,
  row: Row,
  bytes: Uint8Array,
  socket: SocketInfo | undefined,
  write: WritePiece,
): void {
  if (bytes.length <= pieceBytes) {
    write(formatRecord(format, row, bytes, socket));
    return;
  }
  const { from, to } = bodyRange(row);
  const body = bytes.subarray(from, to);
  const isText = isUtf8(body);
  const frame = frameOf(row, (begin, end) => bytes.subarray(begin, end));
  write(format.begin(row, body.length, isText, socket, frame));
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (let at = 0; at < body.length; at += pieceBytes) {
    const piece = body.subarray(at, at + pieceBytes);
    write(isText ? format.text(decoder.decode(piece, { stream: true })) : format.bytes(piece));
  }
  write(format.end(isText));
}

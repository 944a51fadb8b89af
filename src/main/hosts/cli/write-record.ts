import { isUtf8 } from 'node:buffer';
import { formatRecord } from '#shared/export/formats/jsonl.ts';
import { bodyRange, frameOf, type RecordFormat, StreamTexts, withSplit } from '#shared/export/record-format.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';

/** Takes a piece of output. Bytes are valid only during the call: copy them to keep them. */
export type WritePiece = (piece: string | Uint8Array) => void;

/** Longer messages are written in pieces of this size, to limit the length of strings. A multiple of 3, for base64. */
const pieceBytes = 3 * 262_144;

/** Returns a function that writes records in one format. `bytes`: all bytes of the record, including framing. */
export function createRecordWriter(format: RecordFormat) {
  const texts = new StreamTexts(isUtf8, { seesAll: true });
  return (row: Row, bytes: Uint8Array, socket: SocketInfo | undefined, write: WritePiece): void => {
    if (row.event) {
      if (row.event.kind === 'closed') texts.forget(row.socket);
      write(formatRecord(format, row, bytes, socket));
      return;
    }
    const { from, to } = bodyRange(row);
    const body = bytes.subarray(from, to);
    const found = texts.take(row, body, socket);
    if (bytes.length <= pieceBytes) {
      write(formatRecord(format, row, bytes, socket, found));
      return;
    }
    const framing = frameOf(row, (begin, end) => bytes.subarray(begin, end));
    const frame = found ? withSplit(framing, found, body.length) : framing;
    write(format.begin(row, body.length, found !== undefined, socket, frame));
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    if (found && found.first.length > 0) write(format.text(decoder.decode(found.first, { stream: true })));
    const end = found?.to ?? body.length;
    for (let at = found?.from ?? 0; at < end; at += pieceBytes) {
      const piece = body.subarray(at, Math.min(end, at + pieceBytes));
      write(found ? format.text(decoder.decode(piece, { stream: true })) : format.bytes(piece));
    }
    write(format.end(found !== undefined));
  };
}

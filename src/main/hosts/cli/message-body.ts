import { bodyRange } from '#shared/export/record-format.ts';
import { decodeMessage, escapingOf } from '#shared/framing/spec.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';

/**
 * Returns the message of a record without its framing and with escapes decoded. Bytes that do not follow the framing are
 * returned as they were on the wire. `bytes`: all bytes of the record.
 */
export function messageBody(row: Row, bytes: Uint8Array, socket: SocketInfo | undefined): Uint8Array {
  const spec = escapingOf(socket?.framing ?? '', row);
  if (spec) return decodeMessage(spec, bytes, row.head, row.tail);
  const { from, to } = bodyRange(row);
  return bytes.subarray(from, to);
}

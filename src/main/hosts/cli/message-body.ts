import { bodyRange } from '#shared/export/record-format.ts';
import { decodeMessage } from '#shared/framing/list.ts';
import { escapingOf } from '#shared/framing/unescape.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';

/**
 * The message of a record as a person wants it: without its framing, and with what that escaped put back. What does not
 * follow the framing is given as it stood on the wire. `bytes`: all of the record's.
 */
export function messageBody(row: Row, bytes: Uint8Array, socket: SocketInfo | undefined): Uint8Array {
  const spec = escapingOf(socket?.framing ?? '', row);
  if (spec) return decodeMessage(spec, bytes, row.head, row.tail);
  const { from, to } = bodyRange(row);
  return bytes.subarray(from, to);
}

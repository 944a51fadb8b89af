import { decodeMessage, isEscaped } from '#shared/framing/list.ts';
import { type FramingSpec, parseFraming } from '#shared/framing/spec.ts';
import { messageFlags, type Row, type SocketInfo } from '#shared/record/record.ts';
import { bodyRange } from '#shared/record/record-format.ts';

let lastName = '';
let lastSpec: FramingSpec | undefined;

/**
 * The message of a record as a person wants it: without its framing, and with what that escaped put back. What does not
 * follow the framing is given as it stood on the wire. `bytes`: all of the record's.
 */
export function messageBody(row: Row, bytes: Uint8Array, socket: SocketInfo | undefined): Uint8Array {
  const spec = specOf(socket?.framing ?? '');
  if (spec && isEscaped(spec) && (row.flags & messageFlags.malformed) === 0) {
    return decodeMessage(spec, bytes, row.head, row.tail);
  }
  const { from, to } = bodyRange(row);
  return bytes.subarray(from, to);
}

/** The framing of that spelling. A run has few, and this is asked for each message. */
function specOf(name: string): FramingSpec | undefined {
  if (name !== lastName) {
    lastName = name;
    lastSpec = parseFraming(name);
  }
  return lastSpec;
}

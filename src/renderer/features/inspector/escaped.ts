import { decodeMessage } from '#shared/framing/list.ts';
import { escapingOf, type FramedRow } from '#shared/framing/unescape.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { strings } from './strings.ts';

/** How to decode a message whose framing escapes bytes. */
interface Unescape {
  /** Says beside the message that it was decoded. */
  readonly note: string;
  /** Decodes the message from its bytes on the wire. */
  readonly read: (bytes: Uint8Array) => Uint8Array;
}

/** Returns how to decode the body of a message; `undefined` if its framing escapes no bytes. */
export function unescapeOf(row: FramedRow, info: SocketInfo | undefined): Unescape | undefined {
  const spec = info && escapingOf(info.framing, row);
  if (!spec) return undefined;
  return {
    note: strings.textView.decoded(info.framing),
    read: (bytes) => decodeMessage(spec, bytes, row.head, row.tail),
  };
}

import { decodeMessage } from '#shared/framing/list.ts';
import { escapingOf, type FramedRow } from '#shared/framing/unescape.ts';
import type { SocketInfo } from '#shared/record/record.ts';

/** What a message of an escaping framing holds: read from its bytes as they stood on the wire. */
interface Unescape {
  /** What was done, to be told beside the message. */
  readonly note: string;
  readonly read: (bytes: Uint8Array) => Uint8Array;
}

/** How the body of a message is had where its framing escapes bytes of it; `undefined` where its bytes are its body. */
export function unescapeOf(row: FramedRow, info: SocketInfo | undefined): Unescape | undefined {
  const spec = info && escapingOf(info.framing, row);
  if (!spec) return undefined;
  return {
    note: `decoded from ${info.framing}; Hex is as on the wire`,
    read: (bytes) => decodeMessage(spec, bytes, row.head, row.tail),
  };
}

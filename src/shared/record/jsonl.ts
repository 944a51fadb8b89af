import { decodeUtf8 } from '../bytes/text.ts';
import { formatAddress } from '../socket/address.ts';
import type { Address, SocketEvent } from '../socket/event.ts';
import { toBase64 } from './base64.ts';
import { describeEvent } from './describe.ts';
import { isoMicros } from './iso-time.ts';
import type { Row, SocketInfo } from './record.ts';
import { bodyRange, flagWords, type RecordFormat } from './record-format.ts';

/**
 * Records as JSON lines. A message: `seq`, `at`, `kind` “message”, `socket`, `local`, `peer`, `direction`, `length`
 * (bytes of the message), `wire` (bytes with framing, where that differs), `flags` (where any is set), `text`, or
 * `base64` where it is not UTF-8. A lifecycle event: its name as `kind`, `direction` null, `length` 0, the event's own
 * fields, its sentence as `text`.
 */
export const jsonlFormat: RecordFormat = {
  begin(row, length, isText, socket) {
    const { local = '', peer = '' } = socket ?? {};
    const common = { seq: row.seq, at: isoMicros(row.at) };
    const fields =
      row.kind === 'in' || row.kind === 'out'
        ? { ...common, kind: 'message', socket: row.socket, local, peer, direction: row.kind, length }
        : {
            ...common,
            kind: row.kind,
            socket: row.socket,
            local,
            peer,
            direction: null,
            length: 0,
            ...(row.event ? eventFields(row.event) : {}),
          };
    const wire = row.length > length ? { wire: row.length } : {};
    const flags = row.flags === 0 ? {} : { flags: flagWords(row.flags) };
    return `${JSON.stringify({ ...fields, ...wire, ...flags }).slice(0, -1)},"${isText ? 'text' : 'base64'}":"`;
  },
  text: (piece) => JSON.stringify(piece).slice(1, -1),
  bytes: (piece) => toBase64(piece),
  end: () => '"}\n',
};

/** One record as one JSON line (with its line feed). `bytes`: all of the record's, framing included; none for events. */
export function formatJsonl(row: Row, bytes: Uint8Array, socket: SocketInfo | undefined): string {
  return formatRecord(jsonlFormat, row, bytes, socket);
}

/** One record in any of the formats. */
export function formatRecord(
  format: RecordFormat,
  row: Row,
  bytes: Uint8Array,
  socket: SocketInfo | undefined,
): string {
  const { from, to } = bodyRange(row);
  const body = bytes.subarray(from, to);
  const text = row.kind === 'in' || row.kind === 'out' ? decodeUtf8(body) : eventText(row);
  const isText = text !== undefined;
  const shown = isText ? format.text(text) : format.bytes(body);
  return format.begin(row, body.length, isText, socket) + shown + format.end(isText);
}

/** The sentence of a lifecycle record; its preview where the event itself could not be read. */
export function eventText(row: Row): string {
  return row.event ? describeEvent(row.event) : row.preview;
}

/** The fields of `event` as plain JSON: addresses as `address:port`. `text` is left to the sentence, which holds it. */
function eventFields(event: SocketEvent): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(event)) {
    if (key === 'text' || value === undefined) continue;
    if (Array.isArray(value)) fields[key] = value.map(flat);
    else fields[key] = flat(value);
  }
  return fields;
}

function flat(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? formatAddress(value as Address) : value;
}

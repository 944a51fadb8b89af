import { toBase64 } from '../../bytes/base64.ts';
import { toHex } from '../../bytes/hex.ts';
import { printableJson } from '../../bytes/hidden.ts';
import { flagWords, messageFlags } from '../../message/flags.ts';
import { describeEvent, isoMicros, type Row, type SocketInfo } from '../../record/record.ts';
import { type Address, formatAddress } from '../../socket/address.ts';
import type { SocketEvent } from '../../socket/event.ts';
import {
  bodyRange,
  bodyText,
  bytesOfText,
  type Frame,
  frameOf,
  type RecordFormat,
  type Split,
  type StreamText,
  withSplit,
} from '../record-format.ts';
import type { ExportFormat } from './export-format.ts';

export const jsonl = {
  name: 'jsonl',
  label: 'JSON Lines',
  help: 'One JSON object per line, for scripts and other tools',
  extension: 'jsonl',
  holds: 'all records, one JSON object per line',
  readers: '`jq`, any language, Wirebench',
  isBinary: false,
} as const satisfies ExportFormat;

/**
 * Records as JSON lines. A message: `seq`, `at`, `kind` “message”, `socket`, `local`, `peer`, `transport` (where it is not TCP), `direction`, `length`
 * (bytes of the message), `wire` (bytes with framing, where that differs), `head` and `tail` (the framing's bytes in hex,
 * where there are any), `opcode` (of a WebSocket message: “text” or “binary”), `flags` (where any is set), `checksum` (of a received message whose checksum is checked: “ok” or “bad”), `carried` and `rest` (of a character that it shares with other records of the stream), `bookmarked` and `note` (where a person left them), `text`, or
 * `base64` where it is not UTF-8. A lifecycle event: its name as `kind`, `direction` null, `length` 0, the event's own
 * fields, its mark, its sentence as `text`. What hides or would act on a terminal is escaped: `\\u009b`.
 */
export const jsonlFormat: RecordFormat = {
  begin(row, length, isText, socket, frame) {
    // Put together by hand: a file has millions of these.
    const start = `{"seq":${row.seq},"at":"${isoMicros(row.at)}","kind":"`;
    const wire = row.length > length ? `,"wire":${row.length}${frame ? frameFields(frame) : ''}` : '';
    const opcode = opcodeField(row, socket);
    const split = frame?.split ? splitFields(frame.split) : '';
    // The opcode says it already.
    const shown = opcode === '' ? row.flags : row.flags & ~messageFlags.text;
    const flags = shown === 0 ? '' : `,"flags":${printableJson(flagWords(shown))}`;
    const checksum = row.checksum === undefined ? '' : `,"checksum":"${row.checksum}"`;
    const mark = row.mark === undefined ? '' : markFields(row.mark);
    const body = `${mark}${isText ? ',"text":"' : ',"base64":"'}`;
    if (row.kind === 'in' || row.kind === 'out') {
      const { socket: id, kind } = row;
      return `${start}message","socket":${id},${ends(socket)},"direction":"${kind}","length":${length}${wire}${opcode}${flags}${checksum}${split}${body}`;
    }
    const { local = '', peer = '', transport = 'tcp' } = socket ?? {};
    const other = transport === 'tcp' ? undefined : { transport };
    const fields = { socket: row.socket, local, peer, ...other, direction: null, length: 0, ...eventFields(row.event) };
    return `${start}${row.kind}",${printableJson(fields).slice(1, -1)}${body}`;
  },
  text: (piece) => printableJson(piece).slice(1, -1),
  bytes: (piece) => toBase64(piece),
  end: () => '"}\n',
  showsFraming: true,
};

/** One record in any of the formats. `found`: its text, where it is a part of a stream; without it the body is independent. */
export function formatRecord(
  format: RecordFormat,
  row: Row,
  bytes: Uint8Array,
  socket: SocketInfo | undefined,
  found?: StreamText | undefined,
): string {
  const { from, to } = bodyRange(row);
  const body = bytes.subarray(from, to);
  const own = found ? bytesOfText(found, body) : body;
  const text = row.kind === 'in' || row.kind === 'out' ? bodyText(format, own) : eventText(row);
  const isText = text !== undefined;
  const shown = isText ? format.text(text) : format.bytes(body);
  const framing = frameOf(row, (begin, end) => bytes.subarray(begin, end));
  const frame = found && isText ? withSplit(framing, found, body.length) : framing;
  return format.begin(row, body.length, isText, socket, frame) + shown + format.end(isText);
}

function markFields({ bookmarked, note }: { bookmarked: boolean; note: string }): string {
  return (bookmarked ? ',"bookmarked":true' : '') + (note === '' ? '' : `,"note":${printableJson(note)}`);
}

function frameFields({ head, tail }: Frame): string {
  const before = head.length === 0 ? '' : `,"head":"${toHex(head)}"`;
  return tail.length === 0 ? before : `${before},"tail":"${toHex(tail)}"`;
}

function splitFields({ carried, rest }: Split): string {
  return (carried === 0 ? '' : `,"carried":${carried}`) + (rest.length === 0 ? '' : `,"rest":"${toHex(rest)}"`);
}

/** The sentence of a lifecycle record; its preview where the event itself could not be read. */
export function eventText(row: Row): string {
  return row.event ? describeEvent(row.event) : row.preview;
}

const knownEnds = new WeakMap<SocketInfo, string>();

/** The two ends of `socket` as JSON fields. */
function ends(socket: SocketInfo | undefined): string {
  if (socket === undefined) return '"local":"","peer":""';
  let text = knownEnds.get(socket);
  if (text === undefined) {
    const other = socket.transport === 'tcp' ? '' : `,"transport":"${socket.transport}"`;
    text = `"local":${printableJson(socket.local)},"peer":${printableJson(socket.peer)}${other}`;
    knownEnds.set(socket, text);
  }
  return text;
}

/** Returns the fields of `event` as plain JSON: addresses as `address:port`; its text as `detail`, as `text` is the sentence. */
function eventFields(event: SocketEvent | undefined): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(event ?? {})) {
    if (key === 'kind' || value === undefined) continue;
    fields[key === 'text' ? 'detail' : key] = Array.isArray(value) ? value.map(flat) : flat(value);
  }
  return fields;
}

function flat(value: unknown): unknown {
  return isAddress(value) ? formatAddress(value) : value;
}

/** Of what events hold, only addresses have a family; certificates stay as they are. */
function isAddress(value: unknown): value is Address {
  return typeof value === 'object' && value !== null && 'family' in value;
}

/** What kind of message a WebSocket carried (RFC 6455, section 5.2). */
function opcodeField({ flags }: Row, socket: SocketInfo | undefined): string {
  if (socket?.transport !== 'ws' && socket?.transport !== 'wss') return '';
  return flags & messageFlags.text ? ',"opcode":"text"' : ',"opcode":"binary"';
}

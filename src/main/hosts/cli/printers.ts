import { toHex } from '#shared/bytes/hex.ts';
import { decodeUtf8, previewText, showControls } from '#shared/bytes/text.ts';
import { byteCount } from '#shared/record/describe.ts';
import { eventText, jsonlFormat } from '#shared/record/jsonl.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { bodyRange, flagWords } from '#shared/record/record-format.ts';
import { formatAddress } from '#shared/socket/address.ts';
import type { RecordPrinter } from './printing-log.ts';
import { endOfCharacters } from './utf8-tail.ts';
import { writeRecord } from './write-record.ts';

/** A line for people shows this much of a message; `--json` and `--record` have all of it. Bytes. */
const shownBytes = 4_096;

/** Every record as a JSON line, whole. */
export const printJson: RecordPrinter = (row, bytes, socket, write) =>
  writeRecord(jsonlFormat, row, bytes, socket, write);

/**
 * Prints every record as a line for people: time of day, peer, direction, length, message. The first line is `listening
 * on HOST:PORT`; a server that cannot listen prints none, for why is said elsewhere. A message is shown as text with its
 * control characters as symbols, so that nothing a peer sends can act on the terminal, and in hex where it is not UTF-8.
 */
export function createLinePrinter(): RecordPrinter {
  let listening = false;
  return (row, bytes, socket, write) => {
    if (row.event?.kind === 'listening') {
      listening = true;
      write(`listening on ${formatAddress(row.event.local)}\n`);
    } else if (listening) {
      const what = isMessage(row) ? messageText(row, bytes) : happened(row, socket);
      write(`${timeOfDay(row.at)}  ${who(row, socket)}  ${what}\n`);
    }
  };
}

function isMessage(row: Row): boolean {
  return row.kind === 'in' || row.kind === 'out';
}

function messageText(row: Row, bytes: Uint8Array): string {
  const { from, to } = bodyRange(row);
  const body = bytes.subarray(from, to);
  const flags = row.flags === 0 ? '' : `(${flagWords(row.flags).join(', ')})  `;
  const way = row.kind === 'in' ? '→ in ' : '← out';
  return `${way}  ${byteCount(body.length)}  ${flags}${shownText(body)}`;
}

function shownText(body: Uint8Array): string {
  const shown = body.subarray(0, shownBytes);
  const more = body.length > shownBytes ? ` … and ${byteCount(body.length - shownBytes)} more` : '';
  // The cut may split a character, which `previewText` leaves out; that alone does not make a text binary.
  const isText = decodeUtf8(body.length > shownBytes ? shown.subarray(0, endOfCharacters(shown)) : shown) !== undefined;
  return (isText ? previewText(body, shownBytes) : `hex: ${toHex(shown, ' ')}`) + more;
}

function happened(row: Row, socket: SocketInfo | undefined): string {
  if (row.kind === 'closed' && socket?.role === 'listener') return 'stopped listening';
  return showControls(eventText(row));
}

function who(row: Row, socket: SocketInfo | undefined): string {
  return socket?.peer || socket?.local || `socket ${row.socket}`;
}

/** `at` (ms since the epoch) as the local time of day, to the millisecond. */
function timeOfDay(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
}

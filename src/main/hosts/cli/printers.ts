import { previewText, showControls } from '#shared/bytes/text.ts';
import { byteCount } from '#shared/bytes/units.ts';
import { eventText, jsonlFormat } from '#shared/export/jsonl.ts';
import { flagWords, messageFlags } from '#shared/message/flags.ts';
import { describeEvent } from '#shared/record/describe.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { formatAddress } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { messageBody } from './message-body.ts';
import { MessageWords, type OutputMode } from './output-mode.ts';
import type { RecordPrinter } from './printing-log.ts';
import { note } from './report.ts';
import { createRecordWriter } from './write-record.ts';

/** A line for people shows this much of a message; `--json` and `--record` have all of it. Bytes. */
const shownBytes = 4_096;

/** Prints every record as a JSON line, whole. */
export function createJsonPrinter(): RecordPrinter {
  return createRecordWriter(jsonlFormat);
}

/** Prints what is received byte for byte, and what happens beside it on the error output. */
export function createStreamPrinter(): RecordPrinter {
  const print = createLinePrinter();
  return (row, bytes, socket, write) => {
    if (row.kind === 'in') write(bytes);
    if (row.event) print(row, bytes, socket, (line) => note(String(line).replace(/\n$/, '')));
  };
}

/**
 * Prints every record as a line for people: time of day, peer, direction, length, message. The first line is `listening
 * on HOST:PORT`, or `bound to HOST:PORT`; what happened before comes behind it. A server that cannot listen prints
 * nothing, for why is said elsewhere. A message is shown as text with its control characters as symbols, so that nothing a
 * peer sends can act on the terminal, and in hex where it is not UTF-8; or in hex or base64, as `mode` says.
 */
export function createLinePrinter(mode: Exclude<OutputMode, 'raw'> = 'text'): RecordPrinter {
  const words = new MessageWords(mode);
  let early: string[] | undefined = [];
  return (row, bytes, socket, write) => {
    if (early && (row.event?.kind === 'listening' || row.event?.kind === 'bound')) {
      write(`${readyText(row.event)}\n${early.join('')}`);
      early = undefined;
      return;
    }
    if (row.event?.kind === 'closed') words.forget(row.socket);
    const what = isMessage(row) ? messageText(row, bytes, socket, words) : happened(row, socket);
    const line = `${timeOfDay(row.at)}  ${who(row, socket)}  ${what}\n`;
    if (early) early.push(line);
    else write(line);
  };
}

function readyText(event: Extract<SocketEvent, { kind: 'listening' | 'bound' }>): string {
  if (event.kind === 'bound') return showControls(describeEvent(event));
  return `listening on ${showControls(formatAddress(event.local))}`;
}

function isMessage(row: Row): boolean {
  return row.kind === 'in' || row.kind === 'out';
}

function messageText(row: Row, bytes: Uint8Array, socket: SocketInfo | undefined, words: MessageWords): string {
  const { length } = messageBody(row, bytes, socket);
  const printable = words.of(row, bytes, socket, shownBytes);
  const shown = printable.kind === 'text' ? previewText(printable.bytes, shownBytes) : printable.words;
  const more = length > shownBytes ? ` … and ${byteCount(length - shownBytes)} more` : '';
  const flagged = flagWords(row.flags & ~messageFlags.text);
  const flags = flagged.length === 0 ? '' : `(${flagged.join(', ')})  `;
  const way = row.kind === 'in' ? '→ in ' : '← out';
  return `${way}  ${byteCount(length)}  ${webSocketType(row, socket)}${flags}${shown}${more}`;
}

/** A WebSocket's messages are text or binary, whatever they hold. */
function webSocketType({ flags }: Row, socket: SocketInfo | undefined): string {
  if (socket?.transport !== 'ws' && socket?.transport !== 'wss') return '';
  return flags & messageFlags.text ? 'text  ' : 'binary  ';
}

function happened(row: Row, socket: SocketInfo | undefined): string {
  if (row.kind === 'closed' && socket?.role === 'listener') {
    return socket.transport === 'udp' ? 'gave its address back' : 'stopped listening';
  }
  return showControls(eventText(row));
}

function who(row: Row, socket: SocketInfo | undefined): string {
  return showControls(socket?.peer || socket?.local || `socket ${row.socket}`);
}

/** `at` (ms since the epoch) as the local time of day, to the millisecond. */
function timeOfDay(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
}

import { isUtf8 } from 'node:buffer';
import { toHex } from '#shared/bytes/hex.ts';
import { previewText, showControls } from '#shared/bytes/text.ts';
import { byteCount } from '#shared/bytes/units.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { eventText, jsonlFormat } from '#shared/export/formats/jsonl.ts';
import { bodyRange, bytesOfText, StreamTexts } from '#shared/export/record-format.ts';
import { decodeMessage, escapingOf } from '#shared/framing/spec.ts';
import { isContinued, messageFlags } from '#shared/message/flags.ts';
import { propertyWords } from '#shared/record/received-checksum.ts';
import { describeEvent, type Row, type SocketInfo } from '#shared/record/record.ts';
import { formatAddress } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { note, type Output } from './output.ts';
import { createRecordWriter, type RecordPrinter } from './printing-log.ts';

/** Maximum bytes of a message in a line of text; `--json` and `--record` contain the whole message. */
const shownBytes = 4_096;

/** Prints every record as a complete JSON line. */
export function createJsonPrinter(): RecordPrinter {
  return createRecordWriter(jsonlFormat);
}

/** Prints received bytes as they are, and events on the error output. */
export function createStreamPrinter(): RecordPrinter {
  const print = createLinePrinter();
  return (row, bytes, socket, write) => {
    if (row.kind === 'in') write(bytes);
    if (row.event) print(row, bytes, socket, (line) => note(String(line).replace(/\n$/, '')));
  };
}

/**
 * Prints every record as a line of text: time of day, peer, direction, length, message. The first line is `listening on
 * HOST:PORT`, or `bound to HOST:PORT`; earlier records follow it. A server that cannot listen prints no records, because
 * the failure is reported separately. A message is printed as text, with symbols in place of control characters, which could
 * control the terminal, or in hex if it is not UTF-8; with `mode` hex or base64, it is printed in that encoding.
 */
export function createLinePrinter(mode: Exclude<OutputMode, 'raw'> = 'text'): RecordPrinter {
  const formatter = new MessageFormatter(mode);
  let early: string[] | undefined = [];
  return (row, bytes, socket, write) => {
    if (early && (row.event?.kind === 'listening' || row.event?.kind === 'bound')) {
      write(`${readyText(row.event)}\n${early.join('')}`);
      early = undefined;
      return;
    }
    if (row.event?.kind === 'closed') formatter.forget(row.socket);
    const text = isMessage(row) ? messageLine(row, bytes, socket, formatter) : eventLine(row, socket);
    const line = `${timeOfDay(row.at)}  ${addressOf(row, socket)}  ${text}\n`;
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

function messageLine(row: Row, bytes: Uint8Array, socket: SocketInfo | undefined, formatter: MessageFormatter): string {
  const { length } = messageBody(row, bytes, socket);
  const printable = formatter.format(row, bytes, socket, shownBytes);
  const shown = printable.kind === 'text' ? previewText(printable.bytes, shownBytes) : printable.text;
  const more = length > shownBytes ? ` … and ${byteCount(length - shownBytes)} more` : '';
  const flagged = propertyWords({ ...row, flags: row.flags & ~messageFlags.text });
  const flags = flagged.length === 0 ? '' : `(${flagged.join(', ')})  `;
  const direction = row.kind === 'in' ? '→ in ' : '← out';
  return `${direction}  ${byteCount(length)}  ${webSocketType(row, socket)}${flags}${shown}${more}`;
}

/** Returns the type of a WebSocket message, which does not depend on its bytes; '' for other transports. */
function webSocketType({ flags }: Row, socket: SocketInfo | undefined): string {
  if (socket?.transport !== 'ws' && socket?.transport !== 'wss') return '';
  return flags & messageFlags.text ? 'text  ' : 'binary  ';
}

function eventLine(row: Row, socket: SocketInfo | undefined): string {
  if (row.kind === 'closed' && socket?.role === 'listener') {
    return socket.transport === 'udp' ? 'closed the socket' : 'stopped listening';
  }
  return showControls(eventText(row));
}

function addressOf(row: Row, socket: SocketInfo | undefined): string {
  return showControls(socket?.peer || socket?.local || `socket ${row.socket}`);
}

/** Formats `at` (ms since the epoch) as the local time of day with milliseconds. */
function timeOfDay(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
}

const lineFeed = 0x0a;

export interface ReplyPrinterOptions {
  readonly mode: OutputMode;
  /** Reports all events on the error output. */
  readonly verbose?: boolean | undefined;
}

/**
 * Prints replies. In mode `raw`, it prints all bytes, including framing. In the other modes, it prints one line per message
 * without framing (per read for a stream without framing) and ends each with a line feed.
 */
export class ReplyPrinter {
  readonly #output: Pick<Output, 'write'>;
  readonly #verbose: boolean;
  /** `undefined` in mode `raw`. */
  readonly #formatter: MessageFormatter | undefined;
  #atLineStart = true;
  /** True while connection attempts are reported: there are several addresses, or it reconnects. */
  #reportsAttempts = false;

  constructor(output: Pick<Output, 'write'>, { mode, verbose = false }: ReplyPrinterOptions) {
    this.#output = output;
    this.#verbose = verbose;
    this.#formatter = mode === 'raw' ? undefined : new MessageFormatter(mode);
  }

  readonly print: RecordPrinter = (row, bytes, socket) => {
    if (row.event) this.#event(row.event, row.socket);
    if (row.kind !== 'in') return;
    if (row.checksum === 'bad') note(`checksum bad: ${showControls(socket?.checksum ?? '')}`);
    // A copy: the output keeps the bytes longer than this call.
    if (!this.#formatter) {
      this.#output.write(bytes.slice());
      return;
    }
    if ((row.flags & messageFlags.filler) !== 0) return;
    const printable = this.#formatter.format(row, bytes, socket);
    if (printable.kind === 'encoded') {
      this.finish();
      this.#output.write(`${printable.text}\n`);
      return;
    }
    this.#write(printable.bytes);
    if (!isContinued(row.flags)) this.finish();
  };

  /** Ends the current line, if there is one. */
  finish(): void {
    if (!this.#atLineStart) this.#output.write('\n');
    this.#atLineStart = true;
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#output.write(bytes.slice());
    this.#atLineStart = bytes.at(-1) === lineFeed;
  }

  /** Reports an event on the error output: all events if verbose, otherwise the important ones. */
  #event(event: SocketEvent, socket: number): void {
    if (event.kind === 'connecting') this.#reportsAttempts ||= event.of > 1;
    if (event.kind === 'waiting') this.#reportsAttempts = true;
    if (this.#verbose || this.#isImportant(event)) note(showControls(describeEvent(event)));
    if (event.kind === 'opened') this.#reportsAttempts = false;
    if (event.kind !== 'closed') return;
    // The next connection has another stream.
    this.finish();
    const left = this.#formatter?.forget(socket) ?? '';
    if (left !== '') this.#output.write(`${left}\n`);
  }

  /** Returns true for attempts if there are several, TLS results, limits, malformed bytes, the body of a refusal, a pong. */
  #isImportant(event: SocketEvent): boolean {
    const { kind } = event;
    if (kind === 'http') return event.way === 'received' && !!event.body;
    // A pong follows only a ping that the user asked for.
    if (kind === 'control') return event.way === 'received' && event.frame === 'pong';
    if (kind === 'connecting' || kind === 'failed') return this.#reportsAttempts;
    return ['waiting', 'secured', 'limited', 'malformed', 'problem'].includes(kind);
  }
}

/** How received bytes are printed: `raw` is byte for byte, the others print one line per message. */
export const outputModes = ['text', 'hex', 'base64', 'raw'] as const;
export type OutputMode = (typeof outputModes)[number];

/**
 * Returns the default output mode of `send` and `listen`: `raw` for a byte stream without framing into a pipe or a file,
 * otherwise `text`.
 */
export function usualMode({ transport, framing }: EndpointConfig, isTerminal: boolean): OutputMode {
  const isRawStream = framing.kind === 'raw' && !abilitiesOf(transport).messageOriented;
  return isRawStream && !isTerminal ? 'raw' : 'text';
}

/** A message as it is printed: text in UTF-8, or bytes encoded as hex or base64. */
type Printable =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'encoded'; readonly text: string };

/**
 * Formats messages, without their framing, for the modes that print one line per message. In mode `text`, a character that
 * is split across two reads is printed with the second, and a message that is not UTF-8 is printed in hex.
 */
class MessageFormatter {
  readonly #mode: Exclude<OutputMode, 'raw'>;
  readonly #texts = new StreamTexts(isUtf8, { seesAll: true });

  constructor(mode: Exclude<OutputMode, 'raw'>) {
    this.#mode = mode;
  }

  /** Formats a message. `bytes`: all bytes of the record, including framing. `maxEncoded`: how many bytes are encoded at most. */
  format(
    row: Row,
    bytes: Uint8Array,
    socket: SocketInfo | undefined,
    maxEncoded = Number.POSITIVE_INFINITY,
  ): Printable {
    const body = messageBody(row, bytes, socket);
    const shown = body.subarray(0, maxEncoded);
    if (this.#mode === 'base64') return { kind: 'encoded', text: Buffer.from(shown).toString('base64') };
    if (this.#mode === 'hex') return { kind: 'encoded', text: toHex(shown, ' ') };
    const found = this.#texts.take(row, body, socket);
    if (found) return { kind: 'text', bytes: bytesOfText(found, body) };
    return { kind: 'encoded', text: `hex: ${toHex(shown, ' ')}` };
  }

  /** Ends the stream of a closed socket. Returns the text to print for an incomplete character at its end, or ''. */
  forget(socket: number): string {
    const left = this.#texts.forget(socket);
    return left.length === 0 ? '' : `hex: ${toHex(left, ' ')}`;
  }
}

/**
 * Returns the message of a record without its framing and with escapes decoded. Bytes that do not follow the framing are
 * returned as they were on the wire. `bytes`: all bytes of the record.
 */
function messageBody(row: Row, bytes: Uint8Array, socket: SocketInfo | undefined): Uint8Array {
  const spec = escapingOf(socket?.framing ?? '', row);
  if (spec) return decodeMessage(spec, bytes, row.head, row.tail);
  const { from, to } = bodyRange(row);
  return bytes.subarray(from, to);
}

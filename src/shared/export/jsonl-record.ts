import { fromBase64 } from '../bytes/base64.ts';
import { parseHex } from '../bytes/hex.ts';
import { encodeUtf8 } from '../bytes/text.ts';
import { flagFor, messageFlags } from '../message/flags.ts';
import { parseRecordJson } from '../record/session-json.ts';
import type { Address } from '../socket/address.ts';
import { parseHostPort } from '../socket/address.ts';
import { eventKindOf, isEventKind, readEvent, type SocketEvent } from '../socket/event.ts';
import { type Transport, transports } from '../socket/transports.ts';

/** What every line says. */
interface LineOf {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly socket: number;
  readonly local: string;
  readonly peer: string;
  readonly transport: Transport;
  readonly bookmarked: boolean;
  readonly note: string;
}

interface MessageOf {
  readonly kind: 'message';
  readonly direction: 'in' | 'out';
  /** With framing, of which `head` and `tail` bytes are before and after the message. */
  readonly bytes: Uint8Array;
  readonly head: number;
  readonly tail: number;
  readonly flags: number;
}

/** A line of our JSON lines, read. */
export type JsonlRecord = LineOf & (MessageOf | { readonly kind: 'event'; readonly event: SocketEvent });

/** The maximum number of a socket: half of what the file can hold, which leaves room for others. */
const maxSocket = 0x7fff_ffff;
const latest = 8e15;

/** True where `start`, the beginning of a file, is the beginning of a line such as `parseJsonl` reads. */
export function looksLikeRecord(start: string): boolean {
  const text = start.trimStart();
  const end = text.indexOf('\n');
  if (end >= 0 || text.length < 65_000) {
    const line = end >= 0 ? text.slice(0, end) : text;
    // A file that is truncated within its first line has nothing to import, but has this format.
    return parseJsonl(line) !== undefined || isStart(text);
  }
  return isStart(text);
}

const isStart = (text: string) => /^\{"seq":\d+,"at":"[^"]{20,40}","kind":"/.test(text);

/** Reads one line of JSON lines as `jsonlFormat` writes them; `undefined` for another line. Never throws. */
export function parseJsonl(line: string): JsonlRecord | undefined {
  const fields = parse(line);
  if (fields === undefined) return undefined;
  const { kind, socket } = fields;
  const at = typeof fields.at === 'string' ? parseIsoMicros(fields.at) : undefined;
  if (at === undefined || typeof socket !== 'number' || !Number.isInteger(socket)) return undefined;
  if (socket < 0 || socket > maxSocket) return undefined;
  const of: LineOf = {
    at,
    socket,
    local: text(fields.local),
    peer: text(fields.peer),
    transport: transportOf(fields.transport),
    bookmarked: fields.bookmarked === true,
    note: text(fields.note),
  };
  if (kind === 'message') {
    const message = messageOf(fields);
    return message && { ...of, ...message };
  }
  const event = eventOfLine(fields, of.transport);
  return event && { ...of, kind: 'event', event };
}

/** Milliseconds since the epoch of an ISO 8601 time in UTC, to the microsecond; `undefined` for another text. */
function parseIsoMicros(iso: string): number | undefined {
  const match = /^(.{10,30}:\d\d)(?:\.(\d{1,9}))?Z$/.exec(iso);
  const seconds = match ? Date.parse(`${match[1]}Z`) : Number.NaN;
  if (Number.isNaN(seconds) || Math.abs(seconds) > latest) return undefined;
  return seconds + Number((match?.[2] ?? '').padEnd(6, '0').slice(0, 6)) / 1_000;
}

function messageOf(fields: Fields): MessageOf | undefined {
  const { direction } = fields;
  if (direction !== 'in' && direction !== 'out') return undefined;
  const body = typeof fields.text === 'string' ? ownBytes(fields, fields.text) : fromBase64(text(fields.base64));
  if (body === undefined || (fields.text === undefined && fields.base64 === undefined)) return undefined;
  const head = frameBytes(fields.head);
  const tail = frameBytes(fields.tail);
  if (head === undefined || tail === undefined) return undefined;
  const bytes = head.length + tail.length === 0 ? body : joined(head, body, tail);
  return { kind: 'message', direction, bytes, head: head.length, tail: tail.length, flags: flagsOf(fields) };
}

/** Returns the bytes of a message with this text: without `carried`, which an earlier one has, and with `rest`. */
function ownBytes({ carried = 0, rest }: Fields, said: string): Uint8Array | undefined {
  const bytes = encodeUtf8(said);
  const parsed = parseHex(text(rest).slice(0, 16));
  if (!parsed.ok || parsed.bytes.length > 3) return undefined;
  if (carried !== 0 && carried !== 1 && carried !== 2 && carried !== 3) return undefined;
  const own = bytes.subarray(carried);
  return parsed.bytes.length === 0 ? own : joined(own, parsed.bytes, new Uint8Array(0));
}

/** Of a WebSocket message the opcode says whether it is text. */
function flagsOf({ flags, opcode }: Fields): number {
  const words = Array.isArray(flags) ? flags : [];
  const start = opcode === 'text' ? messageFlags.text : 0;
  return words.reduce((sum: number, word) => sum | flagFor(text(word)), start);
}

/** Framing is at most 255 bytes on each side. */
function frameBytes(hex: unknown): Uint8Array | undefined {
  const parsed = parseHex(text(hex).slice(0, 1_024));
  return parsed.ok && parsed.bytes.length <= 255 ? parsed.bytes : undefined;
}

function transportOf(value: unknown): Transport {
  return transports.find((known) => known === value) ?? 'tcp';
}

function eventOfLine(fields: Fields, transport: Transport): SocketEvent | undefined {
  const { kind, addresses, detail } = fields;
  if (!isEventKind(kind)) return undefined;
  const end = transport === 'local' ? pathOf : addressOf;
  const isNeeded = eventKindOf(kind).fields.text?.isOptional !== true;
  return readEvent(kind, {
    ...fields,
    local: end(fields.local),
    peer: end(fields.peer),
    address: end(fields.address),
    addresses: Array.isArray(addresses) ? addresses.map(addressOf).filter((address) => address !== undefined) : [],
    // `text` of the line is the sentence: of an event without its detail, better than nothing.
    text: detail ?? (isNeeded ? fields.text : undefined),
  });
}

function addressOf(value: unknown): Address | undefined {
  const parts = parseHostPort(text(value));
  return parts && { ...parts, family: parts.host.includes(':') ? 6 : 4 };
}

/** One end of a local socket, as `formatAddress` has written it. */
function pathOf(value: unknown): Address | undefined {
  const path = text(value);
  return path === '' ? undefined : { host: path === 'unnamed' ? '' : path, port: 0, family: 'local' };
}

function joined(head: Uint8Array, body: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + body.length + tail.length);
  whole.set(head);
  whole.set(body, head.length);
  whole.set(tail, head.length + body.length);
  return whole;
}

type Fields = Readonly<Record<string, unknown>>;

function parse(line: string): Fields | undefined {
  const value = parseRecordJson(line);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

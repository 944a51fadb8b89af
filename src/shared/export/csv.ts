import { toBase64 } from '../bytes/base64.ts';
import { toHex } from '../bytes/hex.ts';
import { flagWords } from '../message/flags.ts';
import { isoMicros } from '../record/iso-time.ts';
import type { SocketInfo } from '../record/record.ts';
import type { RecordFormat } from './record-format.ts';

/** The columns of the CSV, in order. */
export const csvColumns = [
  'seq',
  'time',
  'time_s',
  'kind',
  'socket',
  'endpoint',
  'local',
  'peer',
  'transport',
  'direction',
  'length',
  'wire',
  'flags',
  'bookmarked',
  'note',
  'carried',
  'rest',
  'encoding',
  'body',
] as const;

/**
 * Records as CSV (RFC 4180): comma, double quotes, CRLF, a header row, UTF-8. `startAt`: the time that `time_s` counts
 * from, milliseconds since the epoch. What is not UTF-8, or has a NUL (at which many readers stop), is in base64, and
 * `encoding` says so. Of a character that two records split, `carried` and `rest` say which bytes are whose. A cell that a spreadsheet
 * would run as a formula gets an apostrophe in front (CWE-1236), and so does one that begins with an apostrophe: who takes the
 * first one away has what was recorded. `keepFormulas` leaves all cells as they are.
 */
export function csvFormat(startAt: number, keepFormulas = false): RecordFormat {
  const guard = keepFormulas ? () => '' : guardOf;
  const field = (text: string) => csvField(guard(text.charCodeAt(0)) + text);
  const knownEnds = new WeakMap<SocketInfo, string>();
  const ends = (socket: SocketInfo | undefined) => {
    if (socket === undefined) return ',,,';
    let text = knownEnds.get(socket);
    if (text === undefined) {
      text = [socket.name, socket.local, socket.peer, socket.transport].map(field).join(',');
      knownEnds.set(socket, text);
    }
    return text;
  };
  // The pieces of a body come one after another; only the first one has its start.
  let isStart = true;
  const guardBody = (first: number) => {
    const before = isStart ? guard(first) : '';
    isStart = false;
    return before;
  };
  return {
    header: `${csvColumns.join(',')}\r\n`,
    refusesNul: true,
    begin(row, length, isText, socket, frame) {
      const isMessage = row.kind === 'in' || row.kind === 'out';
      const seconds = secondsOf(Math.round((row.at - startAt) * 1_000));
      const start = `${row.seq},${isoMicros(row.at)},${seconds},${isMessage ? 'message' : row.kind},${row.socket}`;
      const flags = row.flags === 0 ? '' : flagWords(row.flags).join(' ');
      const { bookmarked = false, note = '' } = row.mark ?? {};
      const mark = `${bookmarked ? 'true' : 'false'},${note === '' ? '' : field(note)}`;
      const sizes = isMessage ? `${row.kind},${length},${row.length}` : ',0,0';
      const { carried = 0, rest } = frame?.split ?? {};
      const split = `${carried},${rest ? toHex(rest) : ''}`;
      return `${start},${ends(socket)},${sizes},${flags},${mark},${split},${isText ? 'text' : 'base64'},"`;
    },
    text: (piece) =>
      piece === '' ? '' : guardBody(piece.charCodeAt(0)) + (piece.includes('"') ? piece.replaceAll('"', '""') : piece),
    // What is guarded does not begin with a quote: with the guard it is still at most twice as long.
    escape(body, into) {
      const guarded = body.length > 0 && guardBody(body[0] as number) !== '';
      if (guarded) into[0] = apostrophe;
      return doubleQuotes(body, into, guarded ? 1 : 0);
    },
    bytes(piece) {
      const text = toBase64(piece);
      return text === '' ? '' : guardBody(text.charCodeAt(0)) + text;
    },
    end() {
      isStart = true;
      return '"\r\n';
    },
  };
}

const quote = 0x22;
const apostrophe = 0x27;
/** What a spreadsheet runs, or skips before that, at the start of a cell; and the guard itself. */
const guarded: ReadonlySet<number> = new Set(Array.from("=+-@\t\r\n'", (char) => char.charCodeAt(0)));

/** Returns what stands before a cell that begins with the character `first`. */
function guardOf(first: number): string {
  return guarded.has(first) ? "'" : '';
}

/** Copies `body` with each quote twice, from `start` on. On bytes, which is several times faster than on a string. */
function doubleQuotes(body: Uint8Array, into: Uint8Array, start: number): number {
  let length = start;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] as number;
    into[length] = byte;
    length += 1;
    if (byte === quote) {
      into[length] = quote;
      length += 1;
    }
  }
  return length;
}

/** Microseconds as seconds. By hand, for `toFixed` takes as long as all the rest of a row. */
function secondsOf(micros: number): string {
  const size = Math.abs(micros);
  const whole = Math.floor(size / 1_000_000);
  return `${micros < 0 ? '-' : ''}${whole}.${String(1_000_000 + size - whole * 1_000_000).slice(1)}`;
}

/** `text` as one field, in quotes where it needs them. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

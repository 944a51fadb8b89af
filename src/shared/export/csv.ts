import { toBase64 } from '../bytes/base64.ts';
import { toHex } from '../bytes/hex.ts';
import { flagWords } from '../message/flags.ts';
import { isoMicros } from '../record/iso-time.ts';
import type { SocketInfo } from '../record/record.ts';
import { CellGuard, guardedCell } from './formula-guard.ts';
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
 * `encoding` says so. Of a character that two records split, `carried` and `rest` say which bytes are whose. What a spreadsheet
 * would run as a formula gets an apostrophe in front (`CellGuard`). `keepFormulas` leaves all cells as they are.
 */
export function csvFormat(startAt: number, keepFormulas = false): RecordFormat {
  const guard = keepFormulas ? undefined : new CellGuard();
  const field = (text: string) => csvField(keepFormulas ? text : guardedCell(text));
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
    text(piece) {
      const text = guard ? guard.text(piece) : piece;
      return text.includes('"') ? text.replaceAll('"', '""') : text;
    },
    escape: (body, into) => (guard ? guard.escape(body, into) : doubleQuotes(body, into)),
    bytes(piece) {
      const text = toBase64(piece);
      return guard ? guard.text(text) : text;
    },
    end() {
      guard?.end();
      return '"\r\n';
    },
  };
}

const quote = 0x22;

/** Copies `body` with each quote twice. On bytes, which is several times faster than on a string. */
function doubleQuotes(body: Uint8Array, into: Uint8Array): number {
  let length = 0;
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

/** `text` as one field, in quotes where it needs them: also where spreadsheets split that split at more than commas. */
function csvField(text: string): string {
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import { toBase64 } from '../../bytes/base64.ts';
import { toHex } from '../../bytes/hex.ts';
import { flagWords } from '../../message/flags.ts';
import { isoMicros, type SocketInfo } from '../../record/record.ts';
import type { RecordFormat } from '../record-format.ts';
import type { ExportFormat } from './export-format.ts';

export const csv = {
  name: 'csv',
  label: 'CSV',
  help: 'One row per record, for spreadsheets',
  extension: 'csv',
  holds: 'all records, one row each',
  readers: 'spreadsheets, pandas, DuckDB',
  isBinary: false,
  options: [
    {
      name: 'keepFormulas',
      label: 'Keep formulas',
      help: 'When off, a cell that a spreadsheet would run as a formula (it starts with =, +, - or @) is preceded by an apostrophe.',
      effect: 'do not put an apostrophe before a cell that a spreadsheet would run as a formula',
    },
  ],
} as const satisfies ExportFormat;

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
  'checksum',
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
      return `${start},${ends(socket)},${sizes},${flags},${row.checksum ?? ''},${mark},${split},${isText ? 'text' : 'base64'},"`;
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

/*
 * What a spreadsheet would run in a CSV gets an apostrophe in front (CWE-1236; OWASP, “CSV Injection”): at the start of a cell, and
 * where a spreadsheet that splits at other characters than the comma sees the start of a cell. Quotes protect neither: to such a
 * spreadsheet a cell begins at the separator, and a quote inside of it is a character like others.
 */

const apostrophe = 0x27;

/** What a spreadsheet runs at the start of a cell, also in full width (U+FF1D, U+FF0B, U+FF0D, U+FF20); and the guard itself. */
const running = "=+\\-@\uff1d\uff0b\uff0d\uff20'";
/** At the start of a cell also what it skips before that. */
const startPattern = new RegExp(`^[${running}\t\r\n]`);
/** The separators of cells and rows that a spreadsheet may split at; quotes that it would then take away may follow. */
const innerPattern = new RegExp(`[;\t\r\n]"*(?=[${running}])`, 'g');
const armedPattern = new RegExp(`^"*(?=[${running}])`);
const armingPattern = /[;\t\r\n]"*$/;
const onlyQuotes = /^"*$/;

/** Returns `text` as a cell in which a spreadsheet runs nothing. Without one apostrophe at each guarded place, it is `text` again. */
function guardedCell(text: string): string {
  return new CellGuard().text(text);
}

/** Guards one cell after another, each in any number of pieces that are split between characters. */
class CellGuard {
  #isStart = true;
  /** The last characters are a separator and possibly quotes. */
  #isArmed = false;

  /** The next piece, guarded. */
  text(piece: string): string {
    if (piece === '') return '';
    const start = this.#isStart && startPattern.test(piece) ? "'" : '';
    const armed = this.#isArmed ? piece.replace(armedPattern, "$&'") : piece;
    this.#isArmed = armingPattern.test(piece) || (this.#isArmed && onlyQuotes.test(piece));
    this.#isStart = false;
    return start + armed.replace(innerPattern, "$&'");
  }

  /** Writes the next piece to `into` as `text` does, as UTF-8 and each quote twice; gives the length, at most that of `body` twice. */
  escape(body: Uint8Array, into: Uint8Array): number {
    let length = 0;
    let isStart = this.#isStart;
    let isArmed = this.#isArmed;
    for (let at = 0; at < body.length; at += 1) {
      const byte = body[at] as number;
      let kind = kinds[byte] as number;
      if (kind === leads) kind = isFullWidth(body, at) ? runs : plain;
      // None of these is written twice for two reasons, so that there is room.
      if (kind === doubled) into[length++] = quote;
      else if (kind !== plain && isGuarded(kind, isStart, isArmed)) into[length++] = apostrophe;
      if (kind !== doubled) isArmed = kind >= skipped;
      isStart = false;
      into[length++] = byte;
    }
    this.#isStart = isStart;
    this.#isArmed = isArmed;
    return length;
  }

  /** The cell ends. */
  end(): void {
    this.#isStart = true;
    this.#isArmed = false;
  }
}

const plain = 0;
const doubled = 1;
const runs = 2;
/** The first of the three bytes of the characters in full width, and of others. */
const leads = 3;
/** Separates, and is skipped at the start of a cell. */
const skipped = 4;
const separates = 5;
/** What each byte of UTF-8 is here. */
const kinds = new Uint8Array(256).fill(plain);
kinds[quote] = doubled;
for (const char of "=+-@'") kinds[char.charCodeAt(0)] = runs;
for (const char of '\t\r\n') kinds[char.charCodeAt(0)] = skipped;
kinds[0x3b] = separates;
kinds[0xef] = leads;

/** Returns true where an apostrophe goes before a character of this kind. */
function isGuarded(kind: number, isStart: boolean, isArmed: boolean): boolean {
  return kind === runs ? isStart || isArmed : kind === skipped && isStart;
}

function isFullWidth(bytes: Uint8Array, at: number): boolean {
  const last = bytes[at + 2];
  return bytes[at + 1] === 0xbc && (last === 0x9d || last === 0x8b || last === 0x8d || last === 0xa0);
}

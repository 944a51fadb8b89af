import { toHex } from '../../bytes/hex.ts';
import { showControls } from '../../bytes/text.ts';
import { propertyWords } from '../../record/received-checksum.ts';
import { isoMicros } from '../../record/record.ts';
import type { RecordFormat } from '../record-format.ts';
import type { ExportFormat } from './export-format.ts';

export const text = {
  name: 'text',
  label: 'Text',
  help: 'Plain text, one line per record',
  extension: 'txt',
  holds: 'all records, one line each',
  readers: 'people, `grep`',
  isBinary: false,
} as const satisfies ExportFormat;

/**
 * Records as lines for reading and for grep: time, number, direction or event, the two ends, length, message. Control
 * characters are shown as their symbols, so that a record is always one line; what is not UTF-8 is in hex.
 */
export const textFormat: RecordFormat = {
  begin(row, length, isText, socket) {
    const start = `${isoMicros(row.at)}  #${row.seq}`;
    const mark = row.mark === undefined ? '' : markText(row.mark);
    if (row.kind !== 'in' && row.kind !== 'out') return `${start}  ${row.kind}  socket ${row.socket}  ${mark}`;
    const local = ends(socket?.local, row.socket);
    const peer = ends(socket?.peer, row.socket);
    const over = socket === undefined || socket.transport === 'tcp' ? '' : `${socket.transport} `;
    const way = row.kind === 'in' ? `in   ${over}${peer} → ${local}` : `out  ${over}${local} → ${peer}`;
    const words = propertyWords(row);
    const flags = words.length === 0 ? '' : `  (${words.join(', ')})`;
    return `${start}  ${way}  ${length} B${flags}  ${mark}${isText ? '' : 'hex '}`;
  },
  text: showControls,
  bytes: (piece) => toHex(piece),
  end: () => '\n',
};

/** A bookmark and a note in brackets before the message. */
function markText({ bookmarked, note }: { bookmarked: boolean; note: string }): string {
  const words = [bookmarked ? 'bookmarked' : '', note === '' ? '' : `note: ${showControls(note)}`].filter(Boolean);
  return words.length === 0 ? '' : `[${words.join(', ')}]  `;
}

function ends(address: string | undefined, socket: number): string {
  return address ? showControls(address) : `socket ${socket}`;
}

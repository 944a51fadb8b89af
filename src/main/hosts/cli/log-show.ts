import type { Session } from '#session/session.ts';
import { showControls } from '#shared/bytes/text.ts';
import { bodyRange } from '#shared/export/record-format.ts';
import type { Result } from '#shared/failure.ts';
import { flagWords } from '#shared/message/flags.ts';
import { isoMicros } from '#shared/record/record.ts';
import { filterOf, type ScopeOptions } from './log-scope.ts';
import { finishOutput, withSession } from './open-session.ts';
import { Output } from './output.ts';
import { rowsOf, type SessionRow } from './session-rows.ts';

interface ShowOptions extends ScopeOptions {
  /** Maximum number of records, from the first or from the last. Default: all. */
  readonly first?: number | undefined;
  readonly last?: number | undefined;
}

/** Maximum bytes of a message in the preview of a row. */
const previewBytes = 256;

/** Runs `wirebench log show`: prints the records of a session as a table. Returns the exit code. */
export function showLog(file: string, options: ShowOptions): Promise<number> {
  return withSession(file, async (session) => {
    const output = new Output();
    output.write(line('#', 'time', 'socket', 'peer', 'kind', 'bytes', 'message'));
    for await (const rows of selectedRows(session, options)) {
      if (!rows.ok) return finishOutput(output, rows.error);
      output.write(rows.value.map(tableLine).join(''));
      await output.ready();
      if (output.gone) break;
    }
    return finishOutput(output);
  });
}

function selectedRows(session: Session, options: ShowOptions): AsyncGenerator<Result<SessionRow[]>, void> {
  const { first, last } = options;
  return rowsOf(session, { filter: filterOf(options), first, last });
}

function tableLine({ row, socket }: SessionRow): string {
  const isMessage = row.kind === 'in' || row.kind === 'out';
  const { from, to } = bodyRange(row);
  const flags = row.flags === 0 ? '' : `(${flagWords(row.flags).join(', ')}) `;
  const more = isMessage && to - from > previewBytes ? ' …' : '';
  return line(
    String(row.seq),
    isoMicros(row.at),
    String(row.socket),
    showControls(socket?.peer ?? ''),
    row.kind,
    isMessage ? String(to - from) : '',
    `${flags}${row.preview}${more}${markOf(row)}`,
  );
}

/** Returns the bookmark and the note of a record. */
function markOf({ mark }: SessionRow['row']): string {
  if (mark === undefined) return '';
  const star = mark.bookmarked ? '  ★' : '';
  return mark.note === '' ? star : `${star}  [${showControls(mark.note)}]`;
}

/** Returns one line of the table. Long cells make their column wider. */
function line(seq: string, time: string, socket: string, peer: string, kind: string, bytes: string, message: string) {
  const columns = [seq.padStart(7), time.padEnd(27), socket.padStart(6), peer.padEnd(21), kind.padEnd(10)];
  const text = `${columns.join('  ')}  ${bytes.padStart(8)}  ${message}`;
  return `${text.trimEnd()}\n`;
}

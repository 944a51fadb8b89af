import type { Session } from '#session/session.ts';
import { showControls } from '#shared/bytes/text.ts';
import { bodyRange } from '#shared/export/record-format.ts';
import type { Result } from '#shared/failure.ts';
import { flagWords } from '#shared/message/flags.ts';
import { isoMicros } from '#shared/record/iso-time.ts';
import { filterOf, type ScopeOptions } from './log-scope.ts';
import { finishOutput, withSession } from './open-session.ts';
import { Output } from './output.ts';
import { rowsOf, type SessionRow } from './session-rows.ts';

interface ShowOptions extends ScopeOptions {
  /** At most so many of the records, the first or the last ones; all where neither is given. */
  readonly first?: number | undefined;
  readonly last?: number | undefined;
}

/** A session's rows carry at most this much of a message. Bytes. */
const previewBytes = 256;

/** `wirebench log show`: prints the records of a session as a table. Gives the exit code. */
export function showLog(file: string, options: ShowOptions): Promise<number> {
  return withSession(file, async (session) => {
    const output = new Output();
    output.write(line('#', 'time', 'socket', 'peer', 'what', 'bytes', 'message'));
    for await (const rows of chosen(session, options)) {
      if (!rows.ok) return finishOutput(output, rows.error);
      output.write(rows.value.map(tableLine).join(''));
      await output.ready();
      if (output.gone) break;
    }
    return finishOutput(output);
  });
}

function chosen(session: Session, options: ShowOptions): AsyncGenerator<Result<SessionRow[]>, void> {
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

/** What a person left at the record. */
function markOf({ mark }: SessionRow['row']): string {
  if (mark === undefined) return '';
  const star = mark.bookmarked ? '  ★' : '';
  return mark.note === '' ? star : `${star}  [${showControls(mark.note)}]`;
}

/** One line of the table; columns grow where they must. */
function line(seq: string, time: string, socket: string, peer: string, what: string, bytes: string, message: string) {
  const columns = [seq.padStart(7), time.padEnd(27), socket.padStart(6), peer.padEnd(21), what.padEnd(10)];
  const text = `${columns.join('  ')}  ${bytes.padStart(8)}  ${message}`;
  return `${text.trimEnd()}\n`;
}

import type { Session } from '#session/session.ts';
import { showControls } from '#shared/bytes/text.ts';
import type { PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import { bodyRange } from '#shared/export/record-format.ts';
import { ok, type Result } from '#shared/failure.ts';
import { propertyWords } from '#shared/record/received-checksum.ts';
import { isoMicros, type Row, type SocketInfo } from '#shared/record/record.ts';
import { filterOf, finishOutput, type ScopeOptions, withSession } from './log-session.ts';
import { Output } from './output.ts';

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
  const words = propertyWords(row);
  const flags = words.length === 0 ? '' : `(${words.join(', ')}) `;
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

type SessionWindow = PageQuestionOutput<'window'>;

const windowRows = 1_000;
/** A search reports its progress about ten times a second. Without a report for this time, it is polled. */
const askAgainMs = 250;

interface SessionRow {
  readonly row: Row;
  readonly socket: SocketInfo | undefined;
}

interface RowsOptions {
  readonly filter?: string | undefined;
  /** Maximum number of matches, from the first or from the last. */
  readonly first?: number | undefined;
  readonly last?: number | undefined;
}

/**
 * Yields the matching records of `session` in order, without their bytes, a window at a time, as soon as the search has
 * found them. Ends after a failure.
 */
async function* rowsOf(
  session: Session,
  { filter, first, last }: RowsOptions,
): AsyncGenerator<Result<SessionRow[]>, void> {
  const query = await session.query({ filter: filter ?? '' });
  if (!query.ok) {
    yield query;
    return;
  }
  const search = new Search(session, query.value.id);
  try {
    let from = 0;
    if (last !== undefined) {
      const matched = await search.all();
      if (!matched.ok) {
        yield matched;
        return;
      }
      from = Math.max(0, matched.value - last);
    }
    const end = first ?? Number.POSITIVE_INFINITY;
    while (from < end) {
      const window = await search.window(from, Math.min(windowRows, end - from));
      if (!window.ok) {
        yield window;
        return;
      }
      const { rows, sockets } = window.value;
      if (rows.length === 0) return;
      const known = new Map(sockets.map((socket) => [socket.id, socket]));
      yield ok(rows.map((row) => ({ row, socket: known.get(row.socket) })));
      from += rows.length;
    }
  } finally {
    await search.end();
  }
}

/** Reads windows over the matches of a query. Waits until the search has found them. */
class Search {
  readonly #session: Session;
  readonly #query: string;
  readonly #stop: () => void;
  #wake: () => void = () => undefined;

  constructor(session: Session, query: string) {
    this.#session = session;
    this.#query = query;
    this.#stop = session.onQueries(() => this.#wake());
  }

  /** Returns rows from match number `first`; no rows if the search has ended before it. */
  window(first: number, count: number): Promise<Result<SessionWindow>> {
    return this.#until(first, count, (window) => window.rows.length > 0 || isDone(window));
  }

  /** Returns the number of all matches. */
  async all(): Promise<Result<number>> {
    const window = await this.#until(0, 0, isDone);
    return window.ok ? ok(window.value.matched) : window;
  }

  async #until(
    first: number,
    count: number,
    enough: (window: SessionWindow) => boolean,
  ): Promise<Result<SessionWindow>> {
    for (;;) {
      const news = this.#news();
      const window = await this.#session.ask('window', { query: this.#query, first, count });
      if (window.ok && !enough(window.value)) {
        await news;
        continue;
      }
      this.#wake();
      return window;
    }
  }

  async end(): Promise<void> {
    this.#stop();
    this.#wake();
    await this.#session.endQuery(this.#query);
  }

  /** Resolves when the search progresses. */
  #news(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, askAgainMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function isDone({ scanned, total }: SessionWindow): boolean {
  return scanned >= total;
}

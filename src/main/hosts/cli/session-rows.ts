import type { Session } from '#session/session.ts';
import type { PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import { ok, type Result } from '#shared/failure.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';

type SessionWindow = PageQuestionOutput<'window'>;

const windowRows = 1_000;
/** A search reports its progress about ten times a second. Without a report for this time, it is polled. */
const askAgainMs = 250;

export interface SessionRow {
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
export async function* rowsOf(
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

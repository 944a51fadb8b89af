import type { Result } from '#shared/failure.ts';
import { Background } from './background.ts';
import { Queries } from './filter/queries.ts';
import type { Query, QueryDefinition, QueryProgress } from './filter/query.ts';
import type { Reader } from './reader.ts';

/** A session file that answers questions: its reader, its queries, and the work between questions. */
export class AskedSession {
  readonly reader: Reader;
  readonly queries: Queries;
  readonly background: Background;
  /** The queries by handle; each is parsed when first used. */
  readonly #definitions: Map<string, QueryDefinition>;

  constructor(
    reader: Reader,
    definitions: ReadonlyMap<string, QueryDefinition>,
    report: (statuses: QueryProgress[]) => void,
  ) {
    this.reader = reader;
    this.queries = new Queries(reader.queryReads);
    this.background = new Background(reader.scan, { queries: report });
    this.#definitions = new Map(definitions);
  }

  /** Reads what is new in the session, up to byte `upTo` of the file. */
  grow(upTo: number): void {
    this.reader.index.walk(upTo);
    this.queries.refresh();
  }

  /** Creates the query `id`. Fails with `bad-input` for an invalid filter. */
  async define(id: string, definition: QueryDefinition): Promise<Result<Query>> {
    // The filter language is loaded with the first query, so that a session opens sooner.
    const { makeQuery } = await import('./filter/make-query.ts');
    const made = makeQuery(id, definition, this.queries);
    if (made.ok) this.#definitions.set(id, definition);
    return made;
  }

  /** Returns the query `id`, or the one of every record, and extends its search. Fails with `not-found`. */
  async query(id: string | undefined): Promise<Result<Query>> {
    const definition = id === undefined || this.queries.has(id) ? undefined : this.#definitions.get(id);
    if (id !== undefined && definition !== undefined) await this.define(id, definition);
    return this.queries.get(id);
  }

  /** Stops the search of the query `id` and removes it. */
  end(id: string): void {
    this.#definitions.delete(id);
    this.queries.end(id);
  }
}

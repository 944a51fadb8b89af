import type { Handlers } from '#shared/contract/serve.ts';

type QueryCall = 'sessions.query' | 'sessions.endQuery' | 'sessions.close';

/** The queries that one page has created and not ended. A page that crashes or is reloaded cannot end them itself. */
export class PageQueries {
  /** The calls of the page. */
  readonly handlers: Handlers;
  readonly #calls: Pick<Handlers, QueryCall>;
  /** The queries of each session. */
  readonly #open = new Map<string, Set<string>>();
  #hasEnded = false;

  constructor(handlers: Handlers) {
    this.#calls = handlers;
    this.handlers = {
      ...handlers,
      'sessions.query': async (input) => {
        const made = await handlers['sessions.query'](input);
        if (made.ok) this.#add(input.session, made.value.id);
        return made;
      },
      'sessions.endQuery': (input) => {
        this.#open.get(input.session)?.delete(input.query);
        return handlers['sessions.endQuery'](input);
      },
      'sessions.close': (input) => {
        this.#open.delete(input.session);
        return handlers['sessions.close'](input);
      },
    };
  }

  /** Ends all queries of the page, which has gone, and those that are still being created. */
  end(): void {
    this.#hasEnded = true;
    for (const [session, queries] of this.#open) for (const query of queries) this.#release(session, query);
    this.#open.clear();
  }

  #add(session: string, query: string): void {
    if (this.#hasEnded) {
      this.#release(session, query);
      return;
    }
    const queries = this.#open.get(session) ?? new Set();
    this.#open.set(session, queries.add(query));
  }

  /** Fails only if the session is closed, which has ended its queries. */
  #release(session: string, query: string): void {
    void this.#calls['sessions.endQuery']({ session, query });
  }
}

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import { maxWindowRows } from '#shared/contract/limits.ts';
import type { Failure } from '#shared/failure.ts';
import { listSent, type SentMessage, sentFilter } from './sent-messages.ts';

/** How many messages the list has: those that were sent last. */
export const maxSent = maxWindowRows;

/** What the list is asked to show. */
export interface SentScope {
  /** A text or bytes in hex; empty for all. */
  readonly search: string;
  /** Messages of the endpoint with this id; of all if undefined. */
  readonly endpoint: string | undefined;
}

interface SentState {
  /** Undefined until the first answer. */
  readonly messages: readonly SentMessage[] | undefined;
  /** Number of messages in the session that match. */
  readonly matched: number;
  /** Matching messages that were sent after those in the list. */
  readonly newer: number;
  /** How far a search has progressed: `scanned` of `total` records. Undefined without one. */
  readonly search: { readonly scanned: number; readonly total: number } | undefined;
  readonly failure: Failure | undefined;
}

const empty: SentState = { messages: undefined, matched: 0, newer: 0, search: undefined, failure: undefined };

/**
 * The last messages that were sent in a session, as a list that changes only when it is asked to. It fetches one window of rows, without
 * the bytes of the messages.
 */
export class SentHistory {
  readonly store: StoreApi<SentState> = createStore<SentState>(() => empty);
  readonly #client: Client;
  readonly #session: string;
  #stop: (() => void) | undefined;
  #query: string | undefined;
  /** Counts the loads, so that the answers to an earlier one are ignored. */
  #turn = 0;
  #isLooking = false;
  /** The session has more records than when it was asked last. */
  #isOutdated = false;
  #news: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(client: Client, session: string) {
    this.#client = client;
    this.#session = session;
  }

  /** Shows the last messages of `scope`. A later call supersedes it. */
  async show({ search, endpoint }: SentScope): Promise<void> {
    const turn = this.#begin();
    this.#stop ??= this.#client.subscribe((event) => {
      if (event.kind !== 'queries' || !event.changed.some(({ query }) => query === this.#query)) return;
      this.#news.resolve();
      this.#news = Promise.withResolvers();
    });
    const filter = sentFilter(search);
    const made = await this.#client.call('sessions.query', { session: this.#session, filter, endpoint });
    if (!made.ok) return this.#fail(turn, made.error);
    if (turn !== this.#turn) return this.#end(made.value.id);
    this.#end(this.#query);
    this.#query = made.value.id;
    await this.#load(turn);
  }

  /** Fetches the list again, with the messages that were sent meanwhile. */
  async refresh(): Promise<void> {
    if (this.#query !== undefined) await this.#load(this.#begin());
  }

  /** Counts the messages that were sent after those in the list: called when the session has more records. An empty list is filled. */
  async look(): Promise<void> {
    const { messages, search } = this.store.getState();
    this.#isOutdated = true;
    if (this.#isLooking || this.#query === undefined || !messages || search) return;
    if (messages.length === 0) return this.refresh();
    this.#isLooking = true;
    // The session may grow while it is asked.
    while (this.#isOutdated) await this.#count();
    this.#isLooking = false;
  }

  async #count(): Promise<void> {
    this.#isOutdated = false;
    const turn = this.#turn;
    const answer = await this.#window(0, 0);
    if (turn !== this.#turn || !answer.ok) return;
    this.store.setState(({ matched }) => ({ newer: Math.max(0, answer.value.matched - matched) }));
  }

  /** Ends the query. */
  close(): void {
    this.#turn += 1;
    this.#stop?.();
    this.#stop = undefined;
    this.#end(this.#query);
    this.#query = undefined;
  }

  #begin(): number {
    this.#turn += 1;
    return this.#turn;
  }

  #end(query: string | undefined): void {
    if (query !== undefined) void this.#client.call('sessions.endQuery', { session: this.#session, query });
  }

  #fail(turn: number, failure: Failure): void {
    if (turn === this.#turn) this.store.setState({ failure, search: undefined });
  }

  #window(first: number, count: number) {
    return this.#client.call('sessions.window', { session: this.#session, query: this.#query, first, count });
  }

  /** Waits until the search has come to where the session ended when it began, then fetches the last matches. */
  async #load(turn: number): Promise<void> {
    for (let end: number | undefined; ; ) {
      const news = this.#news.promise;
      const answer = await this.#window(0, 0);
      if (turn !== this.#turn) return;
      if (!answer.ok) return this.#fail(turn, answer.error);
      const { matched, scanned, total } = answer.value;
      end ??= total;
      // The total becomes smaller where the file turns out to be damaged.
      if (scanned >= Math.min(end, total)) return this.#fetch(turn, matched);
      this.store.setState({ search: { scanned, total: end }, failure: undefined });
      await news;
      if (turn !== this.#turn) return;
    }
  }

  async #fetch(turn: number, matched: number): Promise<void> {
    this.#isOutdated = false;
    const answer = await this.#window(Math.max(0, matched - maxSent), maxSent);
    if (!answer.ok) return this.#fail(turn, answer.error);
    if (turn !== this.#turn) return;
    const { rows, sockets } = answer.value;
    const newer = Math.max(0, answer.value.matched - matched);
    const messages = listSent(rows, sockets);
    this.store.setState({ messages, matched, newer, search: undefined, failure: undefined });
    if (this.#isOutdated) await this.look();
  }
}

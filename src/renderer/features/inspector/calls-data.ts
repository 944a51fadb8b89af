import { useEffect, useMemo, useState } from 'react';
import { callsFilter, type ListedCall, listCalls } from '#shared/calls/socket-calls.ts';
import type { Client } from '#shared/contract/client.ts';
import type { CallOutput } from '#shared/contract/contract.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Selection } from '../../state/selection.ts';
import { useLive, useServices } from '../../state/services.ts';

/** Number of records whose calls are listed at a time. */
const pageRecords = 500;
/** How often the list of a live socket is updated, in milliseconds. */
const refreshMs = 250;

type StreamRead = CallOutput<'sessions.reads'>['reads'][number];

interface Page {
  readonly session: string;
  readonly socket: number;
  /** Index of its first record among those of the socket's calls, and how many of these there are. */
  readonly first: number;
  readonly matched: number;
  readonly rows: readonly Row[];
  readonly info: SocketInfo | undefined;
  readonly reads: readonly StreamRead[];
}

/** A part of the calls of the selected record's socket. */
interface SocketCalls {
  readonly calls: readonly ListedCall[];
  readonly info: SocketInfo | undefined;
  /** Show the page before or after this one; `undefined` where there is none. */
  readonly earlier: (() => void) | undefined;
  readonly later: (() => void) | undefined;
  /** Time of the session's first record, in milliseconds since the epoch. */
  readonly startAt: number | undefined;
}

/** What a query needs to know of a socket. */
type QueriedSocket = Pick<SocketInfo, 'id' | 'program' | 'transport'>;

/** A query that follows the calls of one socket. The engine has it from its first use until it is ended. */
class CallsQuery {
  readonly #client: Client;
  readonly #session: string;
  readonly #socket: QueriedSocket;
  #made: Promise<string | undefined> | undefined;

  constructor(client: Client, session: string, socket: QueriedSocket) {
    this.#client = client;
    this.#session = session;
    this.#socket = socket;
  }

  get #id(): Promise<string | undefined> {
    this.#made ??= this.#client
      .call('sessions.query', { session: this.#session, filter: callsFilter(this.#socket) })
      .then((made) => (made.ok ? made.value.id : undefined));
    return this.#made;
  }

  /** Returns the index of the page that has record `seq`. */
  async pageOf(seq: number): Promise<number> {
    const query = await this.#id;
    if (query === undefined) return 0;
    const located = await this.#client.call('sessions.locate', { session: this.#session, query, seq });
    const index = located.ok ? (located.value.found?.index ?? 0) : 0;
    return Math.floor(index / pageRecords) * pageRecords;
  }

  /** Fetches the page that begins at record `first`, with the reads of its received messages. */
  async page(first: number): Promise<Page | undefined> {
    const session = this.#session;
    const query = await this.#id;
    if (query === undefined) return undefined;
    const answer = await this.#client.call('sessions.window', { session, query, first, count: pageRecords });
    if (!answer.ok) return undefined;
    const { rows, matched, sockets } = answer.value;
    const socket = this.#socket.id;
    const info = sockets.find(({ id }) => id === socket);
    return { session, socket, first, matched, rows, info, reads: await this.#reads(rows) };
  }

  async #reads(rows: readonly Row[]): Promise<readonly StreamRead[]> {
    const { id: socket, program, transport } = this.#socket;
    const received = rows.filter(({ kind }) => kind === 'in');
    const [from] = received;
    const to = received.at(-1);
    if (program !== undefined || !from || !to || abilitiesOf(transport).messageOriented) return [];
    const range = { session: this.#session, socket, from: from.offset, to: to.offset + to.length };
    const answer = await this.#client.call('sessions.reads', range);
    // A part of the reads would hide the others.
    return answer.ok && answer.value.reads.length < 1_000 ? answer.value.reads : [];
  }

  async end(): Promise<void> {
    const made = this.#made;
    this.#made = undefined;
    const query = await made;
    if (query !== undefined) await this.#client.call('sessions.endQuery', { session: this.#session, query });
  }
}

/** Returns the calls of the socket of the selected record, from the records of a query; of a live session, they are updated. */
export function useSocketCalls({ session, row, info }: Selection): SocketCalls {
  const { client } = useServices();
  const [page, setPage] = useState<Page>();
  const [wanted, setWanted] = useState<number>();
  const { id: socket = 0, program, transport } = info ?? {};
  const query = useMemo(
    () => (transport === undefined ? undefined : new CallsQuery(client, session, { id: socket, program, transport })),
    [client, session, socket, program, transport],
  );
  useEffect(() => () => void query?.end(), [query]);
  const { seq } = row;
  useEffect(() => {
    let isStale = false;
    void query?.pageOf(seq).then((first) => {
      if (!isStale) setWanted(first);
    });
    return () => {
      isStale = true;
    };
  }, [query, seq]);

  const total = useLive((live) => live.sessions.get(session)?.total ?? 0);
  const isFull = page !== undefined && page.first === wanted && page.rows.length >= pageRecords;
  const seen = isFull ? 0 : total;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that is not full is fetched again when records are added.
  useEffect(() => {
    if (query === undefined || wanted === undefined) return;
    let isStale = false;
    const fetch = async () => {
      const next = await query.page(wanted);
      if (!isStale && next) setPage(next);
    };
    const timer = setTimeout(() => void fetch(), page?.first === wanted && page.socket === socket ? refreshMs : 0);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [query, wanted, seen]);

  const startAt = useStartAt(session);
  const own = page?.session === session && page.socket === socket && page.rows.length > 0 ? page : undefined;
  const calls = useMemo(
    () => (own ? listCalls(own.rows, own.info, own.reads) : listCalls([row], info)),
    [own, row, info],
  );
  const go = (to: number) => () => setWanted(to);
  return {
    calls,
    info: own?.info ?? info,
    startAt,
    earlier: own && own.first > 0 ? go(Math.max(0, own.first - pageRecords)) : undefined,
    later: own && own.matched > own.first + own.rows.length ? go(own.first + pageRecords) : undefined,
  };
}

/** Returns the time of the session's first record. */
function useStartAt(session: string): number | undefined {
  const { client } = useServices();
  const [known, setKnown] = useState<{ readonly session: string; readonly at: number | undefined }>();
  useEffect(() => {
    let isStale = false;
    void client.call('sessions.window', { session, first: 0, count: 1 }).then((answer) => {
      if (!isStale && answer.ok) setKnown({ session, at: answer.value.rows[0]?.at });
    });
    return () => {
      isStale = true;
    };
  }, [client, session]);
  return known?.session === session ? known.at : undefined;
}

import type { CallInput } from '#shared/contract/contract.ts';
import { ok } from '#shared/failure.ts';
import { andFilter } from '#shared/filter/format.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import type { Answers } from '../unit/renderer/fake-services.ts';

/** A record as a test writes it: a received message of its preview, where nothing else is said. */
export type Written = Partial<Row> & { readonly preview: string };

export const startAt = Date.UTC(2026, 2, 1, 12);

/** Row `seq` of a session, a second after the one before. */
export function row(seq: number, written: Written): Row {
  const kind = written.kind ?? 'in';
  const isMessage = kind === 'in' || kind === 'out';
  return {
    seq,
    at: startAt + seq * 1_000,
    kind,
    socket: 1,
    offset: 0,
    length: isMessage ? new TextEncoder().encode(written.preview).length : 0,
    head: 0,
    tail: 0,
    flags: 0,
    ...written,
  };
}

export function socketInfo(change: Partial<SocketInfo> = {}): SocketInfo {
  return {
    id: 1,
    role: 'accepted',
    transport: 'tcp',
    endpoint: 'e1',
    name: 'boiler',
    local: '127.0.0.1:5000',
    peer: '127.0.0.1:50001',
    framing: 'line',
    ...change,
  };
}

interface RecordedSession {
  readonly rows: readonly Written[];
  readonly sockets?: readonly SocketInfo[];
  /** Which records each filter lets through; a filter that is not named lets none through. */
  readonly filters?: Readonly<Record<string, (row: Row) => boolean>>;
}

/** The answers of an engine that has recorded `rows`. */
export function recordedSession({ rows: written, sockets = [socketInfo()], filters = {} }: RecordedSession) {
  const rows = written.map((one, seq) => row(seq, one));
  /** The queries made, as one filter each; their handles are places in here. */
  const queries: string[] = [];
  const matching = (filter: string | undefined) =>
    filter === undefined ? rows : rows.filter((one) => filters[filter]?.(one) ?? false);
  const shownBy = (query: string | undefined) => matching(query === undefined ? undefined : queries[Number(query)]);
  const bytesOf = (seq: number) => new TextEncoder().encode(rows[seq]?.preview ?? '');
  const answers = {
    'sessions.query': ({ filter, endpoint }: CallInput<'sessions.query'>) => {
      queries.push(andFilter(endpoint === undefined ? '' : `endpoint.id == ${JSON.stringify(endpoint)}`, filter));
      return ok({ id: String(queries.length - 1), usesMarks: /\b(bookmarked|note)\b/.test(filter) });
    },
    'sessions.endQuery': () => ok({}),
    'sessions.window': ({ first, count, query }: CallInput<'sessions.window'>) => {
      const found = shownBy(query);
      const page = found.slice(first, first + count);
      return ok({
        total: rows.length,
        matched: found.length,
        scanned: rows.length,
        rows: page,
        sockets: sockets.filter(({ id }) => page.some(({ socket }) => socket === id)),
      });
    },
    'sessions.locate': ({ query, seq = 0, at = 0 }: CallInput<'sessions.locate'>) => {
      const found = shownBy(query);
      const place = found.findIndex((one) => one.seq >= seq && one.at >= at);
      const index = place < 0 ? found.length - 1 : place;
      const one = found[index];
      return ok({ found: one ? { seq: one.seq, index } : null });
    },
    'sessions.find': ({ find, query, from, backward }: CallInput<'sessions.find'>) => {
      const shown = shownBy(query);
      const hits = matching(find).filter((one) => shown.includes(one));
      const hit = backward ? hits.findLast(({ seq }) => seq < from) : hits.find(({ seq }) => seq > from);
      return ok({ found: hit ? { seq: hit.seq, index: shown.indexOf(hit) } : null });
    },
    'sessions.payload': ({ seq, from, length }: CallInput<'sessions.payload'>) => {
      const bytes = bytesOf(seq);
      return ok({ bytes: bytes.slice(from, from + length), total: bytes.length });
    },
    'sessions.reads': () => ok({ reads: [] }),
    'sessions.otherEnd': () => ok({ other: null }),
  } satisfies Answers;
  return { rows, answers };
}

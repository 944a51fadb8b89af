import { describe, expect, it } from 'vitest';
import type { QueryProgress } from '#session/query/filter/query.ts';
import type { Session } from '#session/session.ts';
import { acceptedSocket, answerOf, recordLines, recordMessages, SessionFolder } from '#support/session.ts';

/** Resolves with the progress of the search of `query` when it has ended. */
function searched(session: Session, query: string): Promise<QueryProgress[]> {
  return new Promise((resolve) => {
    const reports: QueryProgress[] = [];
    const stop = session.onQueries((statuses) => {
      for (const status of statuses) if (status.query === query) reports.push(status);
      const last = reports.at(-1);
      if (last === undefined || last.scanned < last.total) return;
      stop();
      resolve(reports);
    });
  });
}

async function queryOf(session: Session, filter: string): Promise<string> {
  return answerOf(await session.query({ filter })).id;
}

const large = 1_000_000;

describe('a filter on a session', () => {
  it('answers a small session immediately and completely', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    log.describe(acceptedSocket);
    recordLines(log, 2_000);
    await log.flush();
    const query = await queryOf(log, 'text contains "99"');
    const { rows, matched, scanned, total } = answerOf(await log.ask('window', { query, first: 5, count: 3 }));
    expect({ matched, scanned, total }).toEqual({ matched: 38, scanned: 2_000, total: 2_000 });
    expect(rows.map((row) => [row.seq, row.preview])).toEqual([
      [599, 'line 599'],
      [699, 'line 699'],
      [799, 'line 799'],
    ]);
  });

  it('follows a live session', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    const query = await queryOf(log, 'needle');
    for (let round = 1; round <= 20; round += 1) {
      recordMessages(log, 'in', [Buffer.from('hay'), Buffer.from(`needle ${round}`), Buffer.from('hay')]);
      await log.flush();
      const { rows, matched, scanned } = answerOf(await log.ask('window', { query, first: 0, count: 100 }));
      expect({ matched, scanned, last: rows.at(-1)?.preview }).toEqual({
        matched: round,
        scanned: round * 3,
        last: `needle ${round}`,
      });
    }
  });

  it('continues automatically in a large session, reports its progress, and answers other questions meanwhile', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, large);
    await log.flush();
    const query = await queryOf(log, 'text matches "^line .*99999$"');
    const searching = searched(log, query);
    const first = answerOf(await log.ask('window', { query, first: 0, count: 10 }));
    expect(first.scanned).toBeLessThan(first.total);
    // Asked while the search is at work: `last` is answered before its end is reported.
    let isSearching = true;
    searching.then(() => {
      isSearching = false;
    });
    const other = answerOf(await log.ask('window', { first: large - 1, count: 1 }));
    expect(other.rows[0]?.preview).toBe(`line ${large - 1}`);
    expect(isSearching).toBe(true);
    const reports = await searching;
    expect(reports.length).toBeGreaterThan(1);
    expect(reports.map(({ scanned }) => scanned)).toEqual(
      reports.map(({ scanned }) => scanned).toSorted((a, b) => a - b),
    );
    expect(reports.at(-1)).toEqual({ query, matched: 10, scanned: large, total: large });
    expect(answerOf(await log.ask('window', { query, first: 9, count: 5 })).rows.map(({ seq }) => seq)).toEqual([
      999_999,
    ]);
  });

  it('stops when its query ends, and its id is unknown afterwards', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, large);
    await log.flush();
    const query = await queryOf(log, 'text matches "^line 9+$"');
    const first = answerOf(await log.ask('window', { query, first: 0, count: 10 }));
    expect(first.scanned).toBeLessThan(large);
    expect(await log.endQuery(query)).toEqual({ ok: true, value: {} });
    const ended = await log.ask('window', { query, first: 0, count: 10 });
    expect(ended).toMatchObject({ ok: false, error: { code: 'not-found' } });
    const next = await queryOf(log, 'text matches "^line 9+$"');
    const searching = searched(log, next);
    const again = answerOf(await log.ask('window', { query: next, first: 0, count: 10 }));
    // It has begun from the start.
    expect(again.scanned).toBeLessThan(large);
    expect((await searching).at(-1)).toMatchObject({ matched: 6, scanned: large });
  });

  it('refuses a text that is not a filter', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    const answer = await log.query({ filter: 'socket == ' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-input', message: 'Invalid filter' } });
    const finding = await log.ask('find', { find: '((', from: -1, backward: false });
    expect(finding).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  });

  it('finds bookmarks as soon as they are set, and no longer when they are gone', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, 10_000);
    await log.flush();
    const { id: query, usesMarks } = answerOf(await log.query({ filter: 'bookmarked' }));
    expect(usesMarks).toBe(true);
    const bookmarked = async () =>
      answerOf(await log.ask('window', { query, first: 0, count: 10 })).rows.map(({ seq }) => seq);
    expect(await bookmarked()).toEqual([]);
    answerOf(await log.mark(7_000, { bookmarked: true }));
    answerOf(await log.mark(3, { bookmarked: true, note: 'here' }));
    await log.flush();
    expect(await bookmarked()).toEqual([3, 7_000]);
    answerOf(await log.mark(3, { bookmarked: false }));
    await log.flush();
    expect(await bookmarked()).toEqual([7_000]);
    const note = await queryOf(log, 'note == "here"');
    const noted = answerOf(await log.ask('window', { query: note, first: 0, count: 10 }));
    expect(noted.rows).toMatchObject([{ seq: 3, mark: { bookmarked: false, note: 'here' } }]);
  });
});

describe('looking for a record', () => {
  it('locates and finds in an opened session, with progress, and ends when it is cancelled', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('saved.wirebench');
    recordLines(log, large);
    await log.close();
    const session = await folder.open('saved.wirebench');
    const query = await queryOf(session, 'text matches "0$"');
    const options = { query, seq: large - 5 };
    const cancelling = new AbortController();
    const first = session.ask('locate', options, { signal: cancelling.signal, onProgress: () => cancelling.abort() });
    expect(await first).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    const { found } = answerOf(await session.ask('locate', options));
    expect(found).toEqual({ seq: large - 10, index: large / 10 - 1 });
    const next = await session.ask('find', { find: '"line 777777"', query, from: 3, backward: false });
    expect(answerOf(next).found).toBeNull();
    const before = await session.ask('find', { find: '"line 77777"', from: large, backward: true });
    expect(answerOf(before).found).toEqual({ seq: 777_779, index: 777_779 });
    const within = await session.ask('find', {
      find: '"line 77777"',
      query,
      from: large,
      backward: true,
    });
    expect(answerOf(within).found).toEqual({ seq: 777_770, index: 77_777 });
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { makeQuery } from '#session/query/filter/filter-text.ts';
import { Queries } from '#session/query/filter/queries.ts';
import { locating, windowOf } from '#session/query/questions/matches.ts';
import { Reader } from '#session/query/reader.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { cases } from '#support/cases.ts';
import { scripts } from '#support/filter-arbitraries.ts';
import { FilterSession, finished, indexOf, infos, type Script, writeFilterSession } from '#support/filter-session.ts';
import { answerOf } from '#support/session.ts';

const texts = [
  'needle',
  'in && text contains "needle"',
  '!message || len > 20',
  'json.user.id == 42 || xml.order.total > 10',
  'peer contains "127"',
  'bookmarked || note contains "needle"',
  'socket == 9',
  'time >= 1ms',
] as const;

describe('a filtered window', () => {
  it('shows the matches in order, however the file grows and whichever filters are asked in between', () => {
    fc.assert(
      fc.property(scripts, fc.array(fc.constantFrom(...texts), { maxLength: 8 }), (script, asked) => {
        using session = new FilterSession(script);
        for (const [index, text] of asked.entries()) {
          const upTo = session.ends[Math.min(index, session.ends.length - 1)] as number;
          const shown = session.shown(text, upTo);
          expect(shown).toEqual(session.expected(text, session.reader.index.total));
        }
        for (const text of texts) expect(session.shown(text)).toEqual(session.expected(text));
      }),
      cases(120),
    );
  });

  it('shows what matches now when marks are set and taken away, sockets become known, and other checksums are checked', () => {
    const change = fc.oneof(
      fc.record({ seq: fc.nat(59), bookmarked: fc.boolean(), note: fc.constantFrom('', 'a needle') }),
      fc.record({
        id: fc.integer({ min: 1, max: 4 }),
        peer: fc.constantFrom('', '127.0.0.1:9', '10.0.0.1:9'),
        checksum: fc.constantFrom(undefined, 'sum-8', 'xor', 'unknown'),
      }),
    );
    fc.assert(
      fc.property(scripts, fc.array(change, { maxLength: 6 }), (script, changes) => {
        using session = new FilterSession(script);
        const asked = ['bookmarked || note contains "needle"', 'peer contains "127" && !bookmarked', 'checksum == bad'];
        for (const text of asked) expect(session.shown(text)).toEqual(session.expected(text));
        for (const made of changes) {
          if ('seq' in made) session.mark(made);
          else session.describe({ ...(infos[0] as SocketInfo), ...made });
          for (const text of asked) expect(session.shown(text)).toEqual(session.expected(text));
        }
      }),
      cases(120),
    );
  });

  it('forgets the filters that were not asked for longest, and finds their matches again', () => {
    const [script] = fc.sample(scripts, { numRuns: 1, seed: 7 });
    using session = new FilterSession(script ?? []);
    for (let length = 0; length < 40; length += 1) {
      expect(session.shown(`len > ${length}`)).toEqual(session.expected(`len > ${length}`));
    }
    expect(session.shown('len > 0')).toEqual(session.expected('len > 0'));
  });

  it('counts a mark that is set in a block which is being searched', () => {
    const message: Script = {
      kind: 'in',
      socket: 1,
      waitMs: 0,
      body: Buffer.from('<a>1</a>'),
      head: 0,
      tail: 0,
      flags: 0,
    };
    using session = new FilterSession(new Array<Script>(3_000).fill(message), 4_096);
    const asked = session.query('xml.a == 2 || bookmarked');
    // A filter that costs much takes a part of the block at a time.
    asked.extend(0);
    expect(asked.progress).toMatchObject({ matched: 0, scanned: 0 });
    session.mark({ seq: 5, bookmarked: true, note: '' });
    session.mark({ seq: 2_999, bookmarked: true, note: '' });
    expect(session.shown('xml.a == 2 || bookmarked')).toEqual([5, 2_999]);
  });

  it('ends before a block that is damaged, and the session says so', () => {
    const message: Script = {
      kind: 'in',
      socket: 1,
      waitMs: 0,
      body: Buffer.from('needle'),
      head: 0,
      tail: 0,
      flags: 0,
    };
    const folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
    const path = join(folder, 'damaged.wirebench');
    writeFilterSession(path, new Array<Script>(100).fill(message));
    const index = indexOf(path);
    const bytes = readFileSync(path);
    const at = (index.positions[3] as number) + 300;
    bytes[at] = (bytes[at] as number) ^ 1;
    index.file.close();
    writeFileSync(path, bytes);
    const reader = new Reader(path, false);
    const queries = new Queries(reader.queryReads);
    reader.open(Number.POSITIVE_INFINITY);
    const query = answerOf(makeQuery('1', { filter: 'needle' }, queries));
    query.ask();
    expect(windowOf(query, { first: 0, count: 10 }, queries.reads)).toMatchObject({
      total: 48,
      matched: 48,
      scanned: 48,
    });
    expect(reader.view().notice).toContain('damaged');
    // What was found of it by others is forgotten too.
    expect(finished(locating(query, { seq: 90 }, queries.reads)).found?.seq).toBe(47);
    reader.close();
    rmSync(folder, { recursive: true });
  });

  it('says of a text that is no filter what is wrong with it, where, and what to write', () => {
    using session = new FilterSession([]);
    const answer = makeQuery('1', { filter: 'len > 5 &&' }, session.queries);
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-input', message: 'Invalid filter' } });
    expect(answer.ok ? '' : answer.error.system).toMatch(/^at character \d+: /);
    expect(answer.ok ? '' : answer.error.hint).not.toBe('');
  });
});

describe('queries of a session', () => {
  it('keep what they found apart, also where their filters are the same', () => {
    fc.assert(
      fc.property(scripts, fc.constantFrom(...texts), (script, text) => {
        using session = new FilterSession(script);
        const [one, other] = ['one', 'other'].map((id) => answerOf(makeQuery(id, { filter: text }, session.queries)));
        expect(session.shown(text)).toEqual(session.expected(text));
        answerOf(session.queries.get('one'));
        one?.extend(Number.POSITIVE_INFINITY);
        expect(one?.matched).toBe(session.expected(text).length);
        expect(other?.blocks).toBe(0);
        session.queries.end('one');
        expect(session.queries.get('one')).toMatchObject({ ok: false, error: { code: 'not-found' } });
        expect(session.queries.get('other').ok).toBe(true);
      }),
      cases(40),
    );
  });

  it('match of one endpoint what their filter and the endpoint as a filter match together', () => {
    fc.assert(
      fc.property(
        scripts,
        fc.constantFrom('', ...texts),
        fc.constantFrom('server-1', 'server-3', 'no'),
        (script, filter, endpoint) => {
          using session = new FilterSession(script);
          session.query(undefined);
          const query = answerOf(makeQuery('1', { filter, endpoint }, session.queries));
          answerOf(session.queries.get('1'));
          const { rows } = windowOf(query, { first: 0, count: 1_000 }, session.queries.reads);
          const scope = `endpoint.id == "${endpoint}"`;
          const both = filter === '' ? scope : `${scope} && (${filter})`;
          expect(rows.map(({ seq }) => seq)).toEqual(session.expected(both));
        },
      ),
      cases(80),
    );
  });

  it('match every record where the filter is empty, without a search', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        using session = new FilterSession(script);
        session.query(undefined);
        const load = vi.spyOn(session.queries.reads.source, 'load');
        answerOf(makeQuery('1', { filter: ' ' }, session.queries));
        const query = session.query('1');
        const all = session.records.map(({ seq }) => seq);
        expect(query).toMatchObject({ isPending: false, usesMarks: false, matched: all.length });
        const { rows } = windowOf(query, { first: 0, count: 1_000 }, session.queries.reads);
        expect(rows.map(({ seq }) => seq)).toEqual(all);
        expect(load).not.toHaveBeenCalled();
        for (let at = 0; at < query.blocks; at += 1) {
          expect([...query.places(at)]).toHaveLength(query.countOf(at));
          expect(query.blockOf(query.before(at))).toBe(at);
        }
      }),
      cases(60),
    );
  });
});

describe('locating a record', () => {
  it('gives the first match from a record on, else the last one, and how many come before it', () => {
    fc.assert(
      fc.property(scripts, fc.constantFrom(undefined, ...texts), fc.nat(70), (script, filter, seq) => {
        using session = new FilterSession(script);
        const matches = session.expected(filter ?? '!(len > 99999)');
        const found = session.locate(filter, { seq });
        const at = matches.findIndex((match) => match >= seq);
        const index = at < 0 ? matches.length - 1 : at;
        expect(found).toEqual(index < 0 ? null : { seq: matches[index], index });
      }),
      cases(120),
    );
  });

  it('finds the first record from a time on', () => {
    const forward = scripts.map((script) => script.map((step) => ({ ...step, waitMs: Math.abs(step.waitMs) })));
    fc.assert(
      fc.property(forward, fc.nat(60), fc.constantFrom(-0.5, 0, 0.5), (script, which, delta) => {
        using session = new FilterSession(script);
        const { records } = session;
        const at = (records[Math.min(which, records.length - 1)]?.at ?? 0) + delta;
        const found = session.locate(undefined, { at });
        const expected = records.find((record) => record.at >= at) ?? records.at(-1);
        expect(found?.seq).toBe(expected?.seq);
      }),
      cases(120),
    );
  });
});

describe('finding the next record', () => {
  it('gives the nearest match of both filters in either direction, as it stands in the filtered table', () => {
    fc.assert(
      fc.property(
        scripts,
        fc.constantFrom(...texts),
        fc.constantFrom(undefined, ...texts),
        fc.integer({ min: -1, max: 70 }),
        fc.boolean(),
        (script, find, filter, from, backward) => {
          using session = new FilterSession(script);
          const among = session.expected(filter ?? '!(len > 99999)');
          const matches = session.expected(find).filter((seq) => among.includes(seq));
          const expected = backward ? matches.findLast((seq) => seq < from) : matches.find((seq) => seq > from);
          const found = session.find(filter, { find, from, backward });
          expect(found).toEqual(expected === undefined ? null : { seq: expected, index: among.indexOf(expected) });
        },
      ),
      cases(120),
    );
  });
});

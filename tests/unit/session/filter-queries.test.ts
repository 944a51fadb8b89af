import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Queries } from '#session/queries.ts';
import { Reader } from '#session/reader.ts';
import type { FilterRecord } from '#shared/filter/ast.ts';
import { compileFilter } from '#shared/filter/compile.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import type { Mark } from '#shared/record/marks.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { indexOf, infos, type Script, scripts, writeFilterSession } from '#support/filter-session.ts';

let folder: string;
let files = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

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

/** A session in blocks of 16 records, read by a reader of its own; `ends` is where its blocks end. */
class Opened implements Disposable {
  readonly #path: string;
  readonly reader: Reader;
  readonly queries: Queries;
  readonly ends: number[];
  /** The records as they are now known. */
  readonly records: FilterRecord[];

  constructor(script: readonly Script[], capacity?: number) {
    files += 1;
    this.#path = join(folder, `${files}.wirebench`);
    this.records = writeFilterSession(this.#path, script, capacity);
    const index = indexOf(this.#path);
    this.ends = [...index.positions.subarray(1, index.count), index.end];
    index.file.close();
    this.reader = new Reader(this.#path, true);
    this.queries = new Queries(this.reader.filterReads);
  }

  get end(): number {
    return this.ends.at(-1) as number;
  }

  mark(mark: Mark): void {
    this.reader.index.marks.set(mark.seq, mark);
    Object.assign(this.records[mark.seq] ?? {}, mark);
  }

  describe(info: SocketInfo): void {
    this.reader.index.sockets.set(info.id, info);
    for (const record of this.records) if (record.socket === info.id) Object.assign(record, { info });
  }

  /** The numbers of the first `total` records that match. */
  expected(text: string, total = this.records.length): number[] {
    const parsed = parseFilter(text);
    if (!parsed.ok) throw new Error(parsed.problem.message);
    const test = compileFilter(parsed.filter);
    const context = { startAt: this.records[0]?.at ?? 0 };
    return this.records.filter((record) => record.seq < total && test(record, context)).map(({ seq }) => seq);
  }

  /** The numbers that windows of `count` rows show, one after the other, when the search has come to the end. */
  shown(text: string, upTo = this.end, count = 7): number[] {
    const seqs: number[] = [];
    for (;;) {
      const answer = this.queries.window(upTo, seqs.length, count, text);
      if (!answer.ok) throw new Error(answer.error.system);
      const { rows, matched, scanned, total } = answer.value;
      if (scanned < total) continue;
      expect(rows.length).toBe(Math.min(count, matched - seqs.length));
      seqs.push(...rows.map(({ seq }) => seq));
      if (seqs.length === matched) return seqs;
    }
  }

  [Symbol.dispose](): void {
    this.reader.close();
    rmSync(this.#path);
  }
}

/** The answer at the end of a question that works in steps. */
function finished<T>(work: Generator<unknown, { ok: true; value: T } | { ok: false; error: { system: string } }>): T {
  for (let step = work.next(); ; step = work.next()) {
    if (!step.done) continue;
    if (!step.value.ok) throw new Error(step.value.error.system);
    return step.value.value;
  }
}

describe('a filtered window', () => {
  it('shows the matches in order, however the file grows and whichever filters are asked in between', () => {
    fc.assert(
      fc.property(scripts, fc.array(fc.constantFrom(...texts), { maxLength: 8 }), (script, asked) => {
        using session = new Opened(script);
        for (const [index, text] of asked.entries()) {
          const upTo = session.ends[Math.min(index, session.ends.length - 1)] as number;
          const shown = session.shown(text, upTo);
          expect(shown).toEqual(session.expected(text, session.reader.index.total));
        }
        for (const text of texts) expect(session.shown(text)).toEqual(session.expected(text));
      }),
      { numRuns: 120 },
    );
  });

  it('shows what matches now when marks are set and taken away, and sockets become known', () => {
    const change = fc.oneof(
      fc.record({ seq: fc.nat(59), bookmarked: fc.boolean(), note: fc.constantFrom('', 'a needle') }),
      fc.record({ id: fc.integer({ min: 1, max: 4 }), peer: fc.constantFrom('', '127.0.0.1:9', '10.0.0.1:9') }),
    );
    fc.assert(
      fc.property(scripts, fc.array(change, { maxLength: 6 }), (script, changes) => {
        using session = new Opened(script);
        const asked = ['bookmarked || note contains "needle"', 'peer contains "127" && !bookmarked'];
        for (const text of asked) expect(session.shown(text)).toEqual(session.expected(text));
        for (const made of changes) {
          if ('seq' in made) session.mark(made);
          else session.describe({ ...(infos[0] as SocketInfo), ...made });
          for (const text of asked) expect(session.shown(text)).toEqual(session.expected(text));
        }
      }),
      { numRuns: 120 },
    );
  });

  it('forgets the filters that were not asked for longest, and finds their matches again', () => {
    const [script] = fc.sample(scripts, { numRuns: 1, seed: 7 });
    using session = new Opened(script ?? []);
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
    using session = new Opened(new Array<Script>(3_000).fill(message), 4_096);
    const asked = session.queries.filters.ask('xml.a == 2 || bookmarked');
    if (!asked.ok) throw new Error(asked.error.system);
    // A filter that costs much takes a part of the block at a time.
    session.queries.grow(session.end);
    asked.value.ask();
    asked.value.extend(0);
    expect(asked.value.progress).toMatchObject({ matched: 0, scanned: 0 });
    session.mark({ seq: 5, bookmarked: true, note: '' });
    session.mark({ seq: 2_999, bookmarked: true, note: '' });
    expect(session.shown('xml.a == 2 || bookmarked')).toEqual([5, 2_999]);
  });

  it('says of a text that is no filter what is wrong with it, where, and what to write', () => {
    using session = new Opened([]);
    const answer = session.queries.window(session.end, 0, 10, 'len > 5 &&');
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-input', message: 'This is no filter' } });
    expect(answer.ok ? '' : answer.error.system).toMatch(/^at character \d+: /);
    expect(answer.ok ? '' : answer.error.hint).not.toBe('');
  });
});

describe('locating a record', () => {
  it('gives the first match from a record on, else the last one, and how many come before it', () => {
    fc.assert(
      fc.property(scripts, fc.constantFrom(undefined, ...texts), fc.nat(70), (script, filter, seq) => {
        using session = new Opened(script);
        const matches = session.expected(filter ?? '!(len > 99999)');
        const { found } = finished(session.queries.locate({ upTo: session.end, filter, seq }));
        const at = matches.findIndex((match) => match >= seq);
        const index = at < 0 ? matches.length - 1 : at;
        expect(found).toEqual(index < 0 ? null : { seq: matches[index], index });
      }),
      { numRuns: 120 },
    );
  });

  it('finds the first record from a time on', () => {
    const forward = scripts.map((script) => script.map((step) => ({ ...step, waitMs: Math.abs(step.waitMs) })));
    fc.assert(
      fc.property(forward, fc.nat(60), fc.constantFrom(-0.5, 0, 0.5), (script, which, delta) => {
        using session = new Opened(script);
        const { records } = session;
        const at = (records[Math.min(which, records.length - 1)]?.at ?? 0) + delta;
        const { found } = finished(session.queries.locate({ upTo: session.end, at }));
        const expected = records.find((record) => record.at >= at) ?? records.at(-1);
        expect(found?.seq).toBe(expected?.seq);
      }),
      { numRuns: 120 },
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
          using session = new Opened(script);
          const among = session.expected(filter ?? '!(len > 99999)');
          const matches = session.expected(find).filter((seq) => among.includes(seq));
          const expected = backward ? matches.findLast((seq) => seq < from) : matches.find((seq) => seq > from);
          const { found } = finished(session.queries.find({ upTo: session.end, find, filter, from, backward }));
          expect(found).toEqual(expected === undefined ? null : { seq: expected, index: among.indexOf(expected) });
        },
      ),
      { numRuns: 120 },
    );
  });
});

describe('searching a message', () => {
  const pieceBytes = 1_048_576;
  const message = new Uint8Array(3 * pieceBytes);
  const places = [0, 17, pieceBytes - 3, 2 * pieceBytes - 1, message.length - 6];
  for (const at of places) message.set(Buffer.from('needle'), at);

  function search(session: Opened, from: number, backward: boolean): number | null {
    const needle = Buffer.from('needle');
    return finished(session.queries.search({ upTo: session.end, seq: 1, needle, from, backward })).at;
  }

  const before: Script = { kind: 'in', socket: 1, waitMs: 0, body: Buffer.from('needle'), head: 0, tail: 0, flags: 0 };

  it('finds every place in a message far larger than a block, forward and backward', () => {
    using session = new Opened([before, { ...before, body: message }, before]);
    const forward: number[] = [];
    for (let at = search(session, 0, false); at !== null; at = search(session, at + 1, false)) forward.push(at);
    expect(forward).toEqual(places);
    const backward: number[] = [];
    for (let at = search(session, message.length, true); at !== null; at = search(session, at, true)) backward.push(at);
    expect(backward).toEqual(places.toReversed());
  });

  it('finds nothing in an event, and says so of a record that is not there', () => {
    using session = new Opened([before, { kind: 'event', socket: 1, waitMs: 0, event: { kind: 'ended' } }]);
    expect(search(session, 0, false)).toBeNull();
    const work = session.queries.search({
      upTo: session.end,
      seq: 2,
      needle: Buffer.from('x'),
      from: 0,
      backward: false,
    });
    expect(work.next().value).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  it('finds a large message by its text', () => {
    using session = new Opened([
      { ...before, body: Buffer.from('hay') },
      { ...before, body: message },
    ]);
    expect(session.shown('text contains "needle"')).toEqual([1]);
    expect(session.shown('text contains "noodle"')).toEqual([]);
    expect(session.shown('!(bytes contains 00:00)')).toEqual([0]);
  });
});

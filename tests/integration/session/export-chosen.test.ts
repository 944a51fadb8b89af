import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Session } from '#session/session.ts';
import { saveFormats } from '#shared/export/export-formats.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { acceptedSocket, answerOf, recordLines, SessionFolder } from '#support/session.ts';

const script = fileURLToPath(new URL('../../support/peers/read_session.py', import.meta.url));

async function linesInPython(path: string): Promise<Record<string, unknown>[]> {
  const { stdout, stderr } = await promisify(execFile)('python3', [script, path], { maxBuffer: 512 * 1_048_576 });
  expect(stderr).toBe('');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function allRows(session: Session) {
  const rows = [];
  for (let first = 0; first < session.total; first += 1_000)
    rows.push(...answerOf(await session.ask('window', { first, count: 1_000 })).rows);
  return rows;
}

/** Three sockets with messages of many sizes, one larger than any block, in both directions; events, reads and marks. */
async function mixedSession(folder: SessionFolder) {
  const log = folder.create('a.wirebench');
  for (const id of [1, 2, 3]) log.describe({ ...acceptedSocket, id, name: `socket ${id}` });
  for (let turn = 0; turn < 5_000; turn += 1) {
    const size = turn === 2_500 ? 2_000_001 : (turn * 37) % 500;
    const boundaries = new Boundaries();
    boundaries.push(size, 0, 0, turn % 100 === 3 ? 2 : 0);
    const socket = (turn % 3) + 1;
    log.read(socket, Date.now(), size);
    const bytes = Buffer.alloc(size, `${turn} `);
    log.messages(socket, turn % 4 < 3 ? 'in' : 'out', Date.now(), new Uint8Array(0), bytes, boundaries);
  }
  for (const id of [1, 2, 3]) log.event(id, Date.now(), { kind: 'closed', cause: 'peer', bytesIn: id, bytesOut: 0 });
  await log.flush();
  answerOf(await log.mark(2_500, { note: 'the large one' }));
  answerOf(await log.mark(4, { bookmarked: true }));
  return log;
}

describe('a part of a session saved as a session', () => {
  for (const scope of [
    { sockets: [2] },
    { sockets: [2, 3], direction: 'in' as const },
    { filter: 'bookmarked || len > 400' },
    { filter: 'len > 100000000' },
  ]) {
    it(`has the chosen records of ${JSON.stringify(scope)}, renumbered, and ends in order`, async () => {
      await using folder = new SessionFolder();
      const log = await mixedSession(folder);
      const rows = await allRows(log);
      const chosen = rows.filter(
        (row) =>
          (scope.sockets === undefined || scope.sockets.includes(row.socket)) &&
          (scope.direction === undefined || row.kind === scope.direction) &&
          (scope.filter === undefined ||
            (scope.filter.startsWith('book') ? row.seq === 4 || row.length > 400 : row.length > 100_000_000)),
      );
      const path = folder.file('b.wirebench');
      const estimated = answerOf(await log.ask('estimate', { format: 'wirebench', scope }));
      const saved = answerOf(await log.ask('save', { format: 'wirebench', path, scope }));
      expect(saved.records).toBe(chosen.length);
      expect(estimated.records).toBe(chosen.length);
      const copy = await folder.open('b.wirebench');
      expect(copy.view()).toMatchObject({ total: chosen.length, notice: '', problems: 0, name: 'a.wirebench' });
      const copied = await allRows(copy);
      expect(copied).toEqual(chosen.map((row, seq) => ({ ...row, seq })));
      const large = chosen.findIndex(({ length }) => length > 1_000_000);
      if (large >= 0) {
        const { bytes } = answerOf(await copy.ask('payload', { seq: large, from: 0, length: 3_000_000 }));
        expect(Buffer.from(bytes).equals(Buffer.alloc(2_000_001, '2500 '))).toBe(true);
      }
      const lines = await linesInPython(path);
      expect(lines.filter((line) => 'seq' in line)).toHaveLength(chosen.length);
      expect(lines.at(-1)).toMatchObject({ end: { records: chosen.length } });
      const sockets = new Set(
        lines.flatMap((line) => (line.sockets as { id: number }[] | undefined) ?? []).map(({ id }) => id),
      );
      expect(sockets).toEqual(new Set(chosen.map(({ socket }) => socket)));
    });
  }

  it('keeps the reads of whole sockets', async () => {
    await using folder = new SessionFolder();
    const log = await mixedSession(folder);
    const expected = answerOf(await log.ask('reads', { socket: 2, from: 0, to: 100_000 })).reads;
    expect(expected.length).toBeGreaterThan(100);
    answerOf(await log.ask('save', { format: 'wirebench', path: folder.file('b.wirebench'), scope: { sockets: [2] } }));
    const copy = await folder.open('b.wirebench');
    expect(answerOf(await copy.ask('reads', { socket: 2, from: 0, to: 100_000 })).reads).toEqual(expected);
    expect(answerOf(await copy.ask('reads', { socket: 1, from: 0, to: 100_000 })).reads).toEqual([]);
  });

  it('keeps marks that were set after the recording ended, also of a whole copy', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordLines(log, 100);
    await log.close();
    const session = await folder.open('a.wirebench');
    answerOf(await session.mark(50, { note: 'late' }));
    for (const scope of [{}, { direction: 'in' as const }]) {
      answerOf(await session.ask('save', { format: 'wirebench', path: folder.file('b.wirebench'), scope }));
      const copy = await folder.open('b.wirebench');
      expect(answerOf(await copy.ask('window', { first: 50, count: 1 })).rows[0]?.mark).toEqual({
        bookmarked: false,
        note: 'late',
      });
      expect(copy.notice).toBe('');
      await copy.close();
    }
  });
});

describe('estimating a save', () => {
  it('is exact for whole sessions and single streams, and near for the other formats', async () => {
    await using folder = new SessionFolder();
    const log = await mixedSession(folder);
    recordLines(log, 20_000);
    for (let count = 0; count < 12_345; count += 1) log.event(1, Date.now(), { kind: 'problem', text: 'one of many' });
    await log.flush();
    for (const format of saveFormats) {
      for (const scope of [{}, { sockets: [1], direction: 'in' as const }]) {
        const estimated = answerOf(await log.ask('estimate', { format, scope }));
        const saved = answerOf(await log.ask('save', { format, path: folder.file('saved'), scope }));
        expect(estimated.records, format).toBe(saved.records);
        const isExact = format === 'wirebench' ? !('sockets' in scope) : format === 'raw' && 'sockets' in scope;
        if (isExact) expect(estimated.bytes, format).toBe(saved.bytes);
        // How well it can be compressed shows only when it is.
        const least = format === 'parquet' ? 0 : estimated.bytes / 2;
        expect(saved.bytes, `${format} ${saved.bytes}, not ${estimated.bytes}`).toBeGreaterThan(least);
        expect(saved.bytes, `${format} ${saved.bytes}, not ${estimated.bytes}`).toBeLessThan(estimated.bytes * 2);
      }
    }
  });

  it('says what is wrong with an invalid filter, as a save does', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordLines(log, 1);
    await log.flush();
    const scope = { filter: 'len >' };
    expect(await log.ask('estimate', { format: 'csv', scope })).toMatchObject({
      ok: false,
      error: { code: 'bad-input' },
    });
    expect(await log.ask('save', { format: 'csv', path: folder.file('a.csv'), scope })).toMatchObject({ ok: false });
  });
});

describe('a session as text', () => {
  it('has notes and bookmarks in JSON lines and in the text log', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordLines(log, 3);
    await log.flush();
    answerOf(await log.mark(1, { bookmarked: true, note: 'so\nthere' }));
    answerOf(await log.ask('save', { format: 'jsonl', path: folder.file('a.jsonl') }));
    answerOf(await log.ask('save', { format: 'text', path: folder.file('a.txt') }));
    const [first, second] = readFileSync(folder.file('a.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(first ?? '')).not.toHaveProperty('note');
    expect(JSON.parse(first ?? '')).not.toHaveProperty('bookmarked');
    expect(JSON.parse(second ?? '')).toMatchObject({ bookmarked: true, note: 'so\nthere', text: 'line 1' });
    expect(readFileSync(folder.file('a.txt'), 'utf8')).toContain('6 B  [bookmarked, note: so␊there]  line 1\n');
  });
});

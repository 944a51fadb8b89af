import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { peekSession } from '#session/format/session-peek.ts';
import type { Session } from '#session/session.ts';
import type { Mark } from '#shared/record/record.ts';
import { answerOf, recordLines, SessionFolder } from '#support/session.ts';
import { writeSession } from '#support/session-script.ts';

/** The marks that the rows of `session` carry, by record number. */
async function marksOf(session: Session): Promise<[number, boolean, string][]> {
  const { rows } = answerOf(await session.ask('window', { first: 0, count: 1_000 }));
  return rows.flatMap(({ seq, mark }) =>
    mark ? [[seq, mark.bookmarked, mark.note] as [number, boolean, string]] : [],
  );
}

/** A session of 20 messages that was closed in order, by a process that is not named. */
function closedSession(folder: SessionFolder, name: string): string {
  const path = folder.file(name);
  const sizes = Array.from({ length: 20 }, (_, index) => index);
  writeSession(path, [{ do: 'run', socket: 1, direction: 'in', carryOver: 0, sizes, rest: 0, flags: 0 }], true);
  return path;
}

describe('marks of the session that is recorded', () => {
  it('are in the next window, are reported, and are in the file', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    const reported: Mark[] = [];
    log.onMarks((marks) => reported.push(...marks));
    recordLines(log, 20);
    await log.flush();
    expect(answerOf(await log.mark(3, { bookmarked: true }))).toEqual({ seq: 3, bookmarked: true, note: '' });
    expect(await marksOf(log)).toEqual([[3, true, '']]);
    answerOf(await log.mark(3, { note: 'here it went wrong ✂' }));
    answerOf(await log.mark(5, { note: 'x' }));
    recordLines(log, 20);
    answerOf(await log.mark(5, { note: '' }));
    expect(await marksOf(log)).toEqual([[3, true, 'here it went wrong ✂']]);
    expect(reported.map(({ seq, note }) => [seq, note])).toEqual([
      [3, ''],
      [3, 'here it went wrong ✂'],
      [5, 'x'],
      [5, ''],
    ]);
    await log.close();
    const opened = await folder.open('a.wirebench');
    expect(await marksOf(opened)).toEqual([[3, true, 'here it went wrong ✂']]);
    expect(opened.notice).toBe('');
  });

  it('keep both a bookmark and a note that are set together', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordLines(log, 1);
    await log.flush();
    const both = [log.mark(0, { bookmarked: true }), log.mark(0, { note: 'of another page' })];
    for (const marked of both) answerOf(await marked);
    expect(await marksOf(log)).toEqual([[0, true, 'of another page']]);
  });

  it('are refused at a record that is not there', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    expect(await log.mark(0, { bookmarked: true })).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});

describe('marks of an opened session', () => {
  it('are kept after its end and found when it is opened again', async () => {
    await using folder = new SessionFolder();
    const path = closedSession(folder, 'a.wirebench');
    const before = readFileSync(path);
    const first = await folder.open('a.wirebench');
    answerOf(await first.mark(7, { bookmarked: true }));
    answerOf(await first.mark(9, { note: 'nine' }));
    expect(await marksOf(first)).toEqual([
      [7, true, ''],
      [9, false, 'nine'],
    ]);
    const second = await folder.open('a.wirebench');
    answerOf(await second.mark(7, { bookmarked: false }));
    expect(await marksOf(second)).toEqual([[9, false, 'nine']]);
    // The first sees what the second has added.
    expect(await marksOf(first)).toEqual([[9, false, 'nine']]);
    const third = await folder.open('a.wirebench');
    expect(third.view()).toMatchObject({ notice: '', total: 20, state: 'read-only' });
    expect(await marksOf(third)).toEqual([[9, false, 'nine']]);
    // Only ever appended to.
    expect(readFileSync(path).subarray(0, before.length).equals(before)).toBe(true);
  });

  it('come along in a copy that was saved', async () => {
    await using folder = new SessionFolder();
    closedSession(folder, 'a.wirebench');
    const opened = await folder.open('a.wirebench');
    answerOf(await opened.mark(7, { note: 'seven' }));
    const { bytes } = answerOf(await opened.ask('estimate', { format: 'wirebench', scope: {} }));
    // Once, in the place where they are found.
    expect(answerOf(await opened.ask('save', { format: 'wirebench', path: folder.file('b.wirebench') })).bytes).toBe(
      bytes,
    );
    const copy = await folder.open('b.wirebench');
    expect(copy.notice).toBe('');
    expect(await marksOf(copy)).toEqual([[7, false, 'seven']]);
    answerOf(await copy.mark(8, { note: 'eight' }));
    expect(await marksOf(copy)).toHaveLength(2);
  });

  it('are set in a session that broke off at a whole block too', async () => {
    await using folder = new SessionFolder();
    const path = closedSession(folder, 'a.wirebench');
    // The end block: its header and its JSON.
    const bytes = readFileSync(path);
    truncateSync(path, bytes.lastIndexOf('WBk1'));
    const opened = await folder.open('a.wirebench');
    expect(opened.notice).toContain('not closed properly');
    answerOf(await opened.mark(7, { bookmarked: true }));
    expect(await marksOf(await folder.open('a.wirebench'))).toEqual([[7, true, '']]);
  });

  it('lose only the one that was being written where the file is truncated', async () => {
    await using folder = new SessionFolder();
    const path = closedSession(folder, 'a.wirebench');
    const opened = await folder.open('a.wirebench');
    answerOf(await opened.mark(7, { bookmarked: true }));
    const size = statSync(path).size;
    answerOf(await opened.mark(8, { bookmarked: true }));
    for (const length of [size + 1, size + 40, statSync(path).size - 1]) {
      const torn = folder.file(`${length}.wirebench`);
      writeFileSync(torn, readFileSync(path).subarray(0, length));
      const session = await folder.open(`${length}.wirebench`);
      expect(session.notice).toMatch(/^The file is damaged after its end block: .* All records are complete/);
      expect(session.total).toBe(20);
      expect(await marksOf(session)).toEqual([[7, true, '']]);
    }
  });

  it('are refused where the file is damaged, with what to do instead, and the file stays as it is', async () => {
    await using folder = new SessionFolder();
    const path = closedSession(folder, 'a.wirebench');
    truncateSync(path, statSync(path).size - 5);
    const before = readFileSync(path);
    const opened = await folder.open('a.wirebench');
    expect(await opened.mark(7, { bookmarked: true })).toMatchObject({
      ok: false,
      error: { code: 'wrong-state', hint: 'Save a copy of the session first, and open that.' },
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('are refused where records or another end follow the end', async () => {
    await using folder = new SessionFolder();
    const path = closedSession(folder, 'a.wirebench');
    const bytes = readFileSync(path);
    appendFileSync(path, bytes.subarray(bytes.lastIndexOf('WBk1')));
    const opened = await folder.open('a.wirebench');
    expect(opened.notice).toContain('there is data after the end');
    expect(await opened.mark(7, { bookmarked: true })).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
  });

  it('are refused where the session is still being recorded', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordLines(log, 20);
    await log.flush();
    const opened = await folder.open('a.wirebench');
    expect(await opened.mark(7, { bookmarked: true })).toMatchObject({
      ok: false,
      error: { code: 'wrong-state', system: 'the session is still being recorded' },
    });
  });
});

describe('the name of a session', () => {
  it('can be changed while it is recorded and when it is opened', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordLines(log, 5);
    expect(answerOf(await log.rename('the slow one'))).toMatchObject({ name: 'the slow one', state: 'recording' });
    recordLines(log, 5_000);
    await log.close();
    const path = folder.file('a.wirebench');
    expect(peekSession(path)).toMatchObject({ name: 'the slow one', totals: { records: 5_005 }, recording: false });
    const opened = await folder.open('a.wirebench');
    expect(opened.name).toBe('the slow one');
    expect(answerOf(await opened.rename('renamed'))).toMatchObject({ name: 'renamed', notice: '' });
    expect((await folder.open('a.wirebench')).name).toBe('renamed');
    expect(peekSession(path)).toMatchObject({ name: 'renamed', header: { name: 'a.wirebench' } });
  });

  it('is looked at without reading the file, in any state', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordLines(log, 20_000);
    await log.flush();
    const path = folder.file('a.wirebench');
    expect(peekSession(path)).toMatchObject({ name: 'a.wirebench', totals: undefined, recording: true });
    await log.close();
    const size = statSync(path).size;
    expect(peekSession(path)).toMatchObject({ totals: { records: 20_000 }, recording: false, fileBytes: size });
    truncateSync(path, size - 3);
    expect(peekSession(path)).toMatchObject({ totals: undefined });
    writeFileSync(path, 'Hello, server! This is longer than a header of forty bytes.');
    expect(peekSession(path)).toBeUndefined();
  });
});

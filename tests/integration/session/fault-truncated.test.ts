import { existsSync, statSync, truncateSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '#support/cases.ts';
import { changed, expectRecords, failure, record } from '#support/changed-session.ts';
import { acceptedSocket, answerOf, SessionFolder } from '#support/session.ts';

describe.runIf(process.platform !== 'win32')('a session file that another program changes', () => {
  it.each([
    { what: 'truncated to nothing', size: () => 0, lost: 0 },
    { what: 'truncated to a whole block', size: (second: number) => second, lost: 20 },
    { what: 'truncated inside a block', size: (second: number) => second + 100, lost: 20 },
    { what: 'truncated inside its header', size: () => 10, lost: 0 },
  ])('$what is noticed, and retry records what is in memory and says what is lost', async ({ size, lost }) => {
    await using folder = new SessionFolder();
    let query = '';
    const change = (path: string, second: number) => truncateSync(path, size(second));
    const log = await changed(folder, change, async (live) => {
      query = answerOf(await live.query({ filter: 'text contains "message 69"' })).id;
    });
    expect(log.error).toMatchObject({ code: 'file', system: expect.stringContaining('truncated the file') });
    expect(answerOf(await log.retry())).toMatchObject({ state: 'recording' });
    record(log, 60, 70);
    await log.flush();
    await expectRecords(log, 70, lost, 40);
    // The file is read by another thread from then on, which evaluates the filter again.
    const matches = async () => answerOf(await log.ask('window', { query, first: 0, count: 9 })).rows;
    await expect.poll(matches, { timeout: 20_000 }).toMatchObject([{ seq: 69 }]);
    expect(log.loss?.message).toContain(`${40 - lost} records are not in the session file`);
    expect(log.notice).toContain(`${40 - lost} records are lost`);
    await log.close();
    const opened = await folder.open('a.wirebench');
    expect(opened.notice).toBe('');
    await expectRecords(opened, 70, lost, 40);
    const { rows, sockets } = answerOf(await opened.ask('window', { first: lost, count: 1 }));
    expect(rows[0]?.event).toMatchObject({ text: expect.stringContaining(`${40 - lost} records were lost`) });
    expect(answerOf(await opened.ask('window', { first: 69, count: 1 })).sockets).toEqual([acceptedSocket]);
    expect(sockets).toEqual([]);
  });

  it('truncated while nothing happens is noticed as well, and closing records that it is lost', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    record(log, 0, 40);
    await log.flush();
    truncateSync(log.path, 0);
    await failure(log);
    await log.close();
    expect(log.loss?.message).toContain('40 records are not in the session file');
    const opened = await folder.open('a.wirebench');
    await expectRecords(opened, 40, 0, 40);
  });

  it('truncated can be moved: the other place has what is left and what is in memory', async () => {
    await using folder = new SessionFolder();
    const log = await changed(folder, (path, second) => truncateSync(path, second));
    answerOf(await log.move(folder.file('b.wirebench')));
    expect(existsSync(folder.file('a.wirebench'))).toBe(false);
    await expectRecords(log, 60, 20, 40);
    await log.close();
    await expectRecords(await folder.open('b.wirebench'), 60, 20, 40);
  });

  it('truncated anywhere at any moment loses nothing that is still in memory', async () => {
    await using folder = new SessionFolder();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(200),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(200),
        async (first, part, more) => {
          round += 1;
          const log = folder.create(`${round}.wirebench`);
          record(log, 0, first);
          await log.flush();
          record(log, first, first + more);
          truncateSync(log.path, Math.floor(statSync(log.path).size * part * 0.999));
          await log.flush();
          record(log, first + more, first + more + 5);
          await failure(log);
          answerOf(await log.retry());
          await log.close();
          const opened = await folder.open(`${round}.wirebench`);
          expect(opened.notice).toBe('');
          const { rows } = answerOf(await opened.ask('window', { first: 0, count: opened.total }));
          expect(opened.total).toBe(first + more + 5);
          const lost = rows.filter(({ kind }) => kind === 'limited').length;
          expect(log.loss?.message ?? '0 records').toContain(`${lost} records`);
          expect(lost).toBeLessThanOrEqual(first + more);
          for (const { seq, kind, preview } of rows) if (kind === 'in') expect(preview).toBe(`message ${seq}`);
          await opened.close();
        },
      ),
      cases(8),
    );
  });
});

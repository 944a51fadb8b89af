import { appendFileSync, closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockHeaderSize, readBlockHeader } from '#shared/record/block.ts';
import { cases } from '#support/cases.ts';
import { changed, expectRecords, failure, record } from '#support/changed-session.ts';
import { answerOf, SessionFolder } from '#support/session.ts';

/** Puts `bytes` at byte `at` into the file, which keeps its length. */
function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

/** Counts the records of the blocks of the session file `before` that are different in `after`. */
function changedRecords(before: Buffer, after: Buffer): number {
  let records = 0;
  for (let at = 0; at < before.length; ) {
    const header = readBlockHeader(new DataView(before.buffer, before.byteOffset + at, blockHeaderSize));
    if (typeof header === 'string') throw new Error(header);
    const end = at + blockHeaderSize + header.bodyLength;
    if (!before.subarray(at, end).equals(after.subarray(at, end))) records += header.count;
    at = end;
  }
  return records;
}

const text = 'another program’s text\n';

describe.runIf(process.platform !== 'win32')('a session file that another program changes', () => {
  it('overwritten is not touched; another place has what is in memory and says what is lost', async () => {
    await using folder = new SessionFolder();
    const log = await changed(folder, (path) => writeFileSync(path, text));
    expect(await log.retry()).toMatchObject({ ok: false, error: { system: 'another program overwrote the file' } });
    answerOf(await log.move(folder.file('b.wirebench')));
    await log.close();
    expect(readFileSync(folder.file('a.wirebench'), 'utf8')).toBe(text);
    expect(log.loss?.message).toContain('40 records');
    await expectRecords(await folder.open('b.wirebench'), 60, 0, 40);
  });

  it.each([
    { what: 'over its header', at: () => 0, lost: 0, kept: 0 },
    { what: 'in its first block of records', at: (first: number) => first + 300, lost: 0, kept: 20 },
    { what: 'in its last block', at: (_: number, second: number) => second + 4, lost: 20, kept: 40 },
  ])('overwritten in place $what is noticed though nothing happens, and another place has the rest', async (each) => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    await log.flush();
    const first = statSync(log.path).size;
    record(log, 0, 20);
    await log.flush();
    const second = statSync(log.path).size;
    record(log, 20, 40);
    await log.flush();
    overwrite(log.path, each.at(first, second), Buffer.from(text));
    const damaged = readFileSync(log.path);
    await failure(log);
    expect(log.error?.system).toMatch(/^another program overwrote the file/);
    expect(await log.retry()).toMatchObject({ ok: false, error: { system: log.error?.system } });
    record(log, 40, 60);
    answerOf(await log.move(folder.file('b.wirebench')));
    await expectRecords(log, 60, each.lost, each.kept);
    await log.close();
    expect(readFileSync(folder.file('a.wirebench')).equals(damaged)).toBe(true);
    const lost = each.kept - each.lost;
    expect(log.loss?.message).toBe(
      lost === 0 ? undefined : `${lost} records are not in the session file “${log.path}”`,
    );
    const opened = await folder.open('b.wirebench');
    expect(opened.notice).toBe('');
    await expectRecords(opened, 60, each.lost, each.kept);
  });

  it('overwritten and then put right can be recorded to again', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    record(log, 0, 40);
    await log.flush();
    const bytes = readFileSync(log.path);
    overwrite(log.path, 1_000, Buffer.from(text));
    await failure(log);
    overwrite(log.path, 0, bytes);
    answerOf(await log.retry());
    record(log, 40, 60);
    await log.close();
    expect(log.loss).toBeUndefined();
    await expectRecords(await folder.open('a.wirebench'), 60, 0, 0);
  });

  it('overwritten and extended is not shortened to what is before the damage', async () => {
    await using folder = new SessionFolder();
    const log = await changed(folder, (path, second) => {
      overwrite(path, second - 100, Buffer.from(text));
      appendFileSync(path, text);
    });
    const { size } = statSync(log.path);
    expect(await log.retry()).toMatchObject({ ok: false, error: { system: expect.stringContaining('overwrote') } });
    expect(statSync(log.path).size).toBe(size);
    await log.close();
    await expectRecords(await folder.open('a-recovered.wirebench'), 60, 0, 20);
  });

  it('overwritten anywhere at the last moment is noticed; what is intact is written beside it, and the rest is said to be lost', async () => {
    await using folder = new SessionFolder();
    let round = 0;
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 2_000 });
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
        part,
        bytes,
        async (blocks, where, other) => {
          round += 1;
          const log = folder.create(`${round}.wirebench`);
          let total = 0;
          for (const count of blocks) {
            record(log, total, total + count);
            total += count;
            await log.flush();
          }
          const before = readFileSync(log.path);
          const at = Math.floor(where * (before.length - 1));
          overwrite(log.path, at, other.subarray(0, before.length - at));
          const damaged = readFileSync(log.path);
          const isSame = damaged.equals(before);
          await log.close();
          expect(log.path).toBe(folder.file(isSame ? `${round}.wirebench` : `${round}-recovered.wirebench`));
          expect(log.loss === undefined).toBe(isSame);
          const opened = await folder.openAt(log.path);
          expect(opened.notice).toBe('');
          expect(opened.total).toBe(total);
          const { rows } = answerOf(await opened.ask('window', { first: 0, count: total }));
          const lost = rows.filter(({ kind }) => kind === 'limited').length;
          expect(log.loss?.message ?? '').toContain(lost > 0 ? `${lost} records` : '');
          for (const { seq, kind, preview } of rows) if (kind === 'in') expect(preview).toBe(`message ${seq}`);
          expect(lost).toBe(changedRecords(before, damaged));
          await opened.close();
        },
      ),
      cases(8),
    );
  });
});

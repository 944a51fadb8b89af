import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session, SessionLog } from '#session/session.ts';
import { blockHeaderSize, readBlockHeader } from '#shared/record/block.ts';
import { cases } from '#support/cases.ts';
import { acceptedSocket, answerOf, recordMessages, SessionFolder } from '#support/session.ts';

/** Records messages `from` to `to`, each its number. */
function record(log: SessionLog, from: number, to: number): void {
  for (let next = from; next < to; next += 1) recordMessages(log, 'in', [Buffer.from(`message ${next}`)]);
}

/** Resolves when `log` has failed; records on meanwhile where `then` says so. */
async function failure(log: SessionLog): Promise<void> {
  await expect.poll(() => log.state).toBe('failed');
}

/** Fails unless records `lost` up to `kept` are gone, and each other one is the message with its number. */
async function expectRecords(session: Session, total: number, lost: number, kept: number): Promise<void> {
  expect(session.total).toBe(total);
  const { rows } = answerOf(await session.ask('window', { first: 0, count: total }));
  const found = rows.map(({ kind, preview }) => (kind === 'in' ? preview : kind));
  expect(found).toEqual(rows.map((_, seq) => (seq >= lost && seq < kept ? 'limited' : `message ${seq}`)));
  expect(rows).toHaveLength(total);
  const times = rows.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}

/** A session of 60 messages, 40 of which are in the file in two blocks, and of whose file something is done then. */
async function changed(
  folder: SessionFolder,
  change: (path: string, second: number) => void,
  first: (log: SessionLog) => Promise<void> = async () => undefined,
): Promise<SessionLog> {
  const log = folder.create('a.wirebench');
  await first(log);
  log.describe(acceptedSocket);
  record(log, 0, 20);
  await log.flush();
  const second = statSync(log.path).size;
  record(log, 20, 40);
  await log.flush();
  change(log.path, second);
  record(log, 40, 60);
  await failure(log);
  return log;
}

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
    // The file is read by another thread from then on.
    expect(answerOf(await log.ask('window', { query, first: 0, count: 9 })).rows).toMatchObject([{ seq: 69 }]);
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

  it('extended is noticed, and retry leaves out what is not of the session', async () => {
    await using folder = new SessionFolder();
    const log = await changed(folder, (path) => appendFileSync(path, text));
    expect(log.error?.system).toContain('wrote to the file');
    answerOf(await log.retry());
    expect(log.loss).toBeUndefined();
    await log.close();
    const opened = await folder.open('a.wirebench');
    expect(opened.notice).toBe('');
    await expectRecords(opened, 60, 0, 0);
  });

  it('replaced is noticed; the other file stays, and another place has all of the session', async () => {
    await using folder = new SessionFolder();
    const log = await changed(folder, (path) => {
      writeFileSync(folder.file('other'), text);
      renameSync(folder.file('other'), path);
    });
    expect(log.error?.system).toBe('another file is at this place');
    expect(await log.retry()).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('Could not record'), system: log.error?.system },
    });
    answerOf(await log.move(folder.file('b.wirebench')));
    await log.close();
    expect(log.loss).toBeUndefined();
    expect(readFileSync(folder.file('a.wirebench'), 'utf8')).toBe(text);
    await expectRecords(await folder.open('b.wirebench'), 60, 0, 0);
  });

  it('replaced is written beside the other file where the session is closed', async () => {
    await using folder = new SessionFolder();
    const log = await changed(folder, (path) => {
      writeFileSync(folder.file('other'), text);
      renameSync(folder.file('other'), path);
    });
    await log.close();
    expect(readFileSync(folder.file('a.wirebench'), 'utf8')).toBe(text);
    expect(log.path).toBe(folder.file('a-recovered.wirebench'));
    await expectRecords(await folder.open('a-recovered.wirebench'), 60, 0, 0);
  });

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
      cases(15),
    );
  });

  it('renamed is noticed, and retry writes all of the session at its place again', async () => {
    await using folder = new SessionFolder();
    const log = await changed(folder, (path) => renameSync(path, folder.file('elsewhere')));
    expect(log.error?.system).toBe('the file was moved or renamed');
    answerOf(await log.retry());
    await log.close();
    await expectRecords(await folder.open('a.wirebench'), 60, 0, 0);
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
      cases(15),
    );
  });
});

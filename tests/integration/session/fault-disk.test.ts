import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Session, SessionLog } from '#session/session.ts';
import { createSessionLog, openSessionLog } from '#session/session-log.ts';
import { answerOf, recordMessages, SessionFolder } from '#support/session.ts';
import { writeSession } from '#support/session-script.ts';
import { ReadOnlyFolder, SmallDisk } from '#support/small-disk.ts';

const mebibyte = 1_048_576;
const size = 50_000;

/** Records messages that begin with their number until `until` says so; gives how many there are then. */
function recordUntil(log: SessionLog, from: number, until: (next: number) => boolean): number {
  let next = from;
  for (; !until(next); next += 1) {
    log.read(1, Date.now(), size);
    recordMessages(log, 'in', [Buffer.alloc(size, `${next} `.padEnd(64, '.'))]);
  }
  return next;
}

/** Records in turns, so that what the writer says is heard, until `until` says so. */
async function recordInTurns(log: SessionLog, from: number, until: () => boolean): Promise<number> {
  let next = from;
  while (!until()) {
    const goal = next + 4;
    next = recordUntil(log, next, (number) => number === goal);
    await log.flush();
  }
  return next;
}

async function expectNumbered(log: Pick<Session, 'ask' | 'total'>, count: number): Promise<void> {
  expect(log.total).toBe(count);
  for (let first = 0; first < count; first += 500) {
    for (const { seq, preview, length } of answerOf(await log.ask('window', { first, count: 500 })).rows) {
      expect(preview.slice(0, preview.indexOf(' '))).toBe(String(seq));
      expect(length).toBe(size);
    }
  }
}

function sessionAt(path: string): SessionLog {
  return answerOf(createSessionLog({ path, name: 'full', appVersion: 'test' }));
}

/** Resolves when `log` has failed. */
function failure(log: SessionLog): Promise<void> {
  return new Promise((resolve) => {
    const stop = log.onChange(() => {
      if (log.state !== 'failed') return;
      stop();
      resolve();
    });
  });
}

describe.runIf(process.platform === 'linux')('a session whose disk is full', () => {
  it('says so immediately, answers for what is written, keeps the rest and writes all of it once there is room', async () => {
    using disk = new SmallDisk(2 * mebibyte, 64 * mebibyte);
    const log = sessionAt(disk.file('a.wirebench'));
    const early = await recordInTurns(log, 0, () => log.state === 'failed');
    expect(log.view()).toMatchObject({
      state: 'failed',
      error: { code: 'file', system: expect.stringContaining(`write(): ${disk.errno} (`) },
    });
    expect(log.error?.hint).not.toBe('');
    const written = log.total;
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(early);
    await expectNumbered(log, written);
    expect(log.congested).toBe(false);
    // A mark needs the disk as well.
    expect(await log.mark(0, { bookmarked: true })).toMatchObject({ ok: false, error: { code: 'file' } });
    // Everything continues in memory, up to the cap.
    const count = recordUntil(log, early, () => log.stalled);
    expect((count - written) * size).toBeGreaterThan(31 * mebibyte);
    expect((count - written) * size).toBeLessThan(36 * mebibyte);
    expect(log.congested).toBe(true);
    expect(await log.retry()).toMatchObject({ ok: false, error: { code: 'file' } });
    expect(log.state).toBe('failed');
    expect(log.stalled).toBe(true);

    const drained = new Promise<void>((resolve) => {
      log.onDrain(resolve);
    });
    disk.free();
    expect(answerOf(await log.retry())).toMatchObject({ state: 'recording', total: count, problems: 0 });
    await drained;
    expect(log.error).toBeUndefined();
    expect([log.stalled, log.congested]).toEqual([false, false]);
    const all = recordUntil(log, count, (next) => next === count + 10);
    await log.flush();
    await expectNumbered(log, all);
    const { reads } = answerOf(await log.ask('reads', { socket: 1, from: 0, to: all * size }));
    expect(reads.map(({ offset }) => offset / size)).toEqual(Array.from({ length: all }, (_, index) => index));
    await log.close();
    const opened = answerOf(await openSessionLog(disk.file('a.wirebench')));
    expect(opened.view()).toMatchObject({ total: all, notice: '' });
    await opened.close();
  });

  it('continues in another place, which then holds all of it', async () => {
    await using folder = new SessionFolder();
    using disk = new SmallDisk(2 * mebibyte, 8 * mebibyte);
    const log = sessionAt(disk.file('a.wirebench'));
    const count = recordUntil(
      log,
      await recordInTurns(log, 0, () => log.state === 'failed'),
      (next) => next % 300 === 0,
    );
    if (disk.errno === 'EFBIG') disk.free();
    const there = folder.file('there.wirebench');
    expect(answerOf(await log.move(there))).toMatchObject({ state: 'recording', path: there, total: count });
    expect(readdirSync(disk.path).filter((name) => name !== 'filler')).toEqual([]);
    const all = recordUntil(log, count, (next) => next === count + 10);
    await log.flush();
    await expectNumbered(log, all);
    await log.close();
    const opened = await folder.open('there.wirebench');
    expect(opened.view()).toMatchObject({ total: all, notice: '' });
    await expectNumbered(opened, all);
  });

  it('stays where it is, with all it keeps, where the other place is full as well', async () => {
    using disk = new SmallDisk(2 * mebibyte, 32 * mebibyte);
    using other = new SmallDisk(mebibyte, 4 * mebibyte);
    const log = sessionAt(disk.file('a.wirebench'));
    const count = await recordInTurns(log, 0, () => log.state === 'failed');
    const moved = await log.move(other.file('b.wirebench'));
    expect(moved).toMatchObject({
      ok: false,
      error: { code: 'file', message: expect.stringContaining('Could not move the session') },
    });
    expect(readdirSync(other.path).filter((name) => name !== 'filler')).toEqual([]);
    expect(log.view()).toMatchObject({ state: 'failed', path: disk.file('a.wirebench') });
    disk.free();
    expect(answerOf(await log.retry()).total).toBe(count);
    await expectNumbered(log, count);
    await log.close();
  });

  it('is closed without hanging, and says how much is lost', async () => {
    using disk = new SmallDisk(2 * mebibyte, 8 * mebibyte);
    const log = sessionAt(disk.file('a.wirebench'));
    const count = await recordInTurns(log, 0, () => log.state === 'failed');
    await log.close();
    expect(log.error?.system).toContain(`the last ${count - log.total} records could not be written and are lost`);
    const opened = answerOf(await openSessionLog(disk.file('a.wirebench')));
    expect(opened.total).toBe(log.total);
    await opened.close();
  });

  it('is closed in order where there is room again by then', async () => {
    using disk = new SmallDisk(2 * mebibyte, 8 * mebibyte);
    const log = sessionAt(disk.file('a.wirebench'));
    const count = await recordInTurns(log, 0, () => log.state === 'failed');
    disk.free();
    await log.close();
    expect(log.error).toBeUndefined();
    const opened = answerOf(await openSessionLog(disk.file('a.wirebench')));
    expect(opened.view()).toMatchObject({ total: count, notice: '' });
    await opened.close();
  });
});

describe.runIf(process.platform === 'linux')('a session whose folder is deleted', () => {
  it('says so, keeps what was recorded, and makes the file again when the folder is there', async () => {
    await using folder = new SessionFolder();
    const path = folder.file('inside/a.wirebench');
    mkdirSync(dirname(path));
    const log = sessionAt(path);
    recordUntil(log, 0, (next) => next === 20);
    await log.flush();
    await expectNumbered(log, 20);
    const failed = failure(log);
    rmSync(dirname(path), { recursive: true });
    recordUntil(log, 20, (next) => next === 40);
    await failed;
    expect(log.error).toMatchObject({ code: 'file', system: 'the file or its folder was deleted' });
    // As long as it is open its bytes are there.
    expect(answerOf(await log.ask('window', { first: 0, count: 1 })).rows).toHaveLength(1);
    recordUntil(log, 40, (next) => next === 60);
    expect(await log.retry()).toMatchObject({ ok: false, error: { system: expect.stringContaining('ENOENT') } });
    mkdirSync(dirname(path));
    expect(answerOf(await log.retry())).toMatchObject({ state: 'recording', total: 60 });
    await expectNumbered(log, 60);
    await log.close();
    const opened = await folder.open('inside/a.wirebench');
    expect(opened.view()).toMatchObject({ total: 60, notice: '' });
  });

  it('makes the file again also where it is closed meanwhile', async () => {
    await using folder = new SessionFolder();
    const path = folder.file('inside/a.wirebench');
    mkdirSync(dirname(path));
    const log = sessionAt(path);
    recordUntil(log, 0, (next) => next === 20);
    await log.flush();
    const failed = failure(log);
    rmSync(dirname(path), { recursive: true });
    recordUntil(log, 20, (next) => next === 40);
    await failed;
    mkdirSync(dirname(path));
    const retried = log.retry();
    await log.close();
    expect(answerOf(await retried)).toMatchObject({ total: 40 });
    const opened = await folder.open('inside/a.wirebench');
    expect(opened.view()).toMatchObject({ total: 40, notice: '' });
  });
});

describe.runIf(process.platform === 'linux')('a read-only folder', () => {
  const words = /\(\): (EROFS \(read-only file system|EACCES \(permission denied)\)/;

  it('is refused for a new session and for one that is moved, which continues where it is', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordUntil(log, 0, (next) => next === 20);
    await log.flush();
    using readOnly = new ReadOnlyFolder();
    const created = createSessionLog({ path: readOnly.file('a.wirebench'), name: '', appVersion: '' });
    const refused = { ok: false, error: { code: 'file', system: expect.stringMatching(words) } };
    expect(created).toMatchObject(refused);
    expect(await log.move(readOnly.file('a.wirebench'))).toMatchObject(refused);
    recordUntil(log, 20, (next) => next === 40);
    await log.flush();
    expect(log.view()).toMatchObject({ state: 'recording', total: 40, path: folder.file('a.wirebench') });
    expect(readdirSync(readOnly.path)).toEqual([]);
  });

  it('has sessions that can be read but not marked', async () => {
    await using folder = new SessionFolder();
    const source = folder.file('a.wirebench');
    writeSession(
      source,
      [{ do: 'run', socket: 1, direction: 'in', carryOver: 0, sizes: [5, 6], rest: 0, flags: 0 }],
      true,
    );
    using readOnly = new ReadOnlyFolder({ 'a.wirebench': readFileSync(source) });
    const opened = answerOf(await openSessionLog(readOnly.file('a.wirebench')));
    expect(answerOf(await opened.ask('window', { first: 0, count: 5 })).rows).toHaveLength(2);
    expect(await opened.mark(0, { bookmarked: true })).toMatchObject({
      ok: false,
      error: { code: 'file', system: expect.stringMatching(words) },
    });
    await opened.close();
    expect(existsSync(readOnly.file('a.wirebench'))).toBe(true);
  });
});

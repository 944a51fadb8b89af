import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Session, SessionLog } from '#session/session.ts';
import { openSessionLog } from '#session/session-log.ts';
import { acceptedSocket, answerOf, recordLines, recordMessages, SessionFolder } from '#support/session.ts';
import { OtherDisk } from '#support/small-disk.ts';

const chunk = Buffer.alloc(65_536, 'x');

/** Records `mebibytes` of messages that take turns with the writer. */
async function recordMuch(log: SessionLog, mebibytes: number): Promise<void> {
  for (let count = 0; count < mebibytes * 16; count += 1) {
    recordMessages(log, 'in', [chunk]);
    if (count % 64 === 0) await log.flush();
  }
  await log.flush();
}

/** Fails unless the lines of `session` from record `first` on are `line 0`, `line 1` and so on. */
async function expectLines(session: Pick<Session, 'ask'>, first: number, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1_000) {
    const { rows } = answerOf(
      await session.ask('window', { first: first + done, count: Math.min(1_000, count - done) }),
    );
    expect(rows.map((row) => row.preview)).toEqual(rows.map((_, index) => `line ${done + index}`));
    expect(rows).toHaveLength(Math.min(1_000, count - done));
  }
}

describe('moving the session that is recorded', () => {
  it('gives its file another name where that is possible, and continues', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    log.describe(acceptedSocket);
    recordLines(log, 3_000);
    await log.flush();
    await expectLines(log, 0, 3_000);
    const { ino } = statSync(folder.file('a.wirebench'));
    expect(answerOf(await log.move(folder.file('b.wirebench')))).toMatchObject({
      path: folder.file('b.wirebench'),
      state: 'recording',
      total: 3_000,
    });
    expect(readdirSync(folder.path)).toEqual(['b.wirebench']);
    expect(statSync(folder.file('b.wirebench')).ino).toBe(ino);
    recordLines(log, 2_000);
    await log.flush();
    await expectLines(log, 3_000, 2_000);
    await log.close();
    const opened = await folder.open('b.wirebench');
    expect(opened.view()).toMatchObject({ total: 5_000, notice: '' });
  });

  it('takes the name of its new file where it was called after its old one, and keeps one that a person gave', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a');
    expect(answerOf(await log.move(folder.file('b.wirebench'))).name).toBe('b');
    answerOf(await log.rename('mine'));
    expect(answerOf(await log.move(folder.file('c.wirebench'))).name).toBe('mine');
    await log.close();
    expect((await folder.open('c.wirebench')).name).toBe('mine');
  });

  it.runIf(process.platform === 'linux')(
    'copies it to another disk while it is recorded, and removes the old file',
    async () => {
      await using folder = new SessionFolder();
      using other = new OtherDisk();
      const log = folder.create('a.wirebench');
      recordLines(log, 3_000);
      await recordMuch(log, 48);
      await expectLines(log, 0, 3_000);
      const progress: number[] = [];
      let moved = false;
      const moving = log
        .move(other.file('b.wirebench'), { onProgress: (done, total) => progress.push(done / total) })
        .finally(() => {
          moved = true;
        });
      const before = log.total;
      let during = 0;
      while (!moved) {
        recordLines(log, 1_000);
        during += 1_000;
        await log.flush();
      }
      expect(answerOf(await moving)).toMatchObject({ path: other.file('b.wirebench'), state: 'recording' });
      expect(readdirSync(folder.path)).toEqual([]);
      expect(readdirSync(`${other.path}/sessions`)).toEqual(['b.wirebench']);
      recordLines(log, 1_000);
      await log.flush();
      expect(log.total).toBe(before + during + 1_000);
      await expectLines(log, 0, 3_000);
      expect(log.notice).toBe('');
      await expectLines(log, before, 1_000);
      await expectLines(log, before + during, 1_000);
      for (const part of progress) expect(part).toBeLessThanOrEqual(1);
      await log.close();
      const opened = answerOf(await openSessionLog(other.file('b.wirebench')));
      expect(opened.view()).toMatchObject({ total: before + during + 1_000, notice: '' });
      await expectLines(opened, before + during, 1_000);
      await opened.close();
    },
  );

  it.runIf(process.platform === 'linux')('can be cancelled: it stays where it was, and nothing is left', async () => {
    await using folder = new SessionFolder();
    using other = new OtherDisk();
    const log = folder.create('a.wirebench');
    await recordMuch(log, 64);
    const cancel = new AbortController();
    cancel.abort();
    const moved = await log.move(other.file('b.wirebench'), { signal: cancel.signal });
    expect(moved).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(readdirSync(`${other.path}/sessions`)).toEqual([]);
    const { total } = log;
    recordLines(log, 1_000);
    await log.flush();
    expect(log.view()).toMatchObject({ state: 'recording', path: folder.file('a.wirebench'), total: total + 1_000 });
    await expectLines(log, total, 1_000);
  });

  it.runIf(process.platform === 'linux')('ends with the session, which is then whole in its old place', async () => {
    await using folder = new SessionFolder();
    using other = new OtherDisk();
    const log = folder.create('a.wirebench');
    await recordMuch(log, 64);
    const { total } = log;
    const moving = log.move(other.file('b.wirebench'));
    await log.close();
    const moved = await moving;
    const [place, rest] = moved.ok ? [other.file('b.wirebench'), folder.path] : [log.path, `${other.path}/sessions`];
    expect(readdirSync(rest)).toEqual([]);
    const opened = answerOf(await openSessionLog(place));
    expect(opened.view()).toMatchObject({ total, notice: '' });
    await opened.close();
  });

  it('never replaces a file that is there', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordLines(log, 10);
    writeFileSync(folder.file('b.wirebench'), 'precious');
    for (const path of [folder.file('b.wirebench'), folder.file('a.wirebench')]) {
      expect(await log.move(path)).toMatchObject({
        ok: false,
        error: { code: 'file', system: 'open(): EEXIST (file already exists)' },
      });
    }
    expect(readFileSync(folder.file('b.wirebench'), 'utf8')).toBe('precious');
    recordLines(log, 10);
    await log.flush();
    expect(log.view()).toMatchObject({ state: 'recording', total: 20, path: folder.file('a.wirebench') });
    expect(existsSync(folder.file('a.wirebench'))).toBe(true);
  });

  it('says why it cannot where the folder is not there, and nothing changes', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    expect(await log.move(folder.file('none/b.wirebench'))).toMatchObject({
      ok: false,
      error: { code: 'file', system: 'open(): ENOENT (no such file or directory)' },
    });
    expect(log.state).toBe('recording');
    expect(await log.retry()).toMatchObject({ ok: true });
  });
});

import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '#session/session.ts';
import { createSessionLog, openSessionLog } from '#session/session-log.ts';
import { answerOf, SessionFolder } from '#support/session.ts';
import { type StoredFile, storedFile } from '#support/stored-file.ts';
import { fileIdentity } from '#workbench/session-files.ts';
import { StoredSessions } from '#workbench/stored-sessions.ts';

const dayMs = 86_400_000;

describe('the stored sessions', () => {
  let folder: string;
  let stored: StoredSessions;
  /** Sessions that are open in this process. */
  let open: Session[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wirebench-stored-'));
    open = [];
    stored = new StoredSessions(folder, async () => {
      const files = await Promise.all(
        open.map(async (session) => [await fileIdentity(session.path), session] as const),
      );
      return new Map(files.flatMap(([identity, session]) => (identity ? [[identity, session]] : [])));
    });
  });
  afterEach(async () => {
    await Promise.all(open.map((session) => session.close()));
    await rm(folder, { recursive: true, force: true });
  });

  const at = (name: string) => join(folder, `${name}.wirebench`);

  /** Makes a session file that was last changed `daysAgo`. */
  async function put(name: string, about: StoredFile = {}, daysAgo = 0): Promise<string> {
    await writeFile(at(name), storedFile(about));
    const changed = new Date(Date.now() - daysAgo * dayMs);
    await utimes(at(name), changed, changed);
    return at(name);
  }

  const names = async () => answerOf(await stored.list()).map(({ name }) => name);

  it('are listed with what their ends tell, the newest first', async () => {
    await put('a', { name: 'first', createdAt: '2026-03-01T10:00:00Z', records: 3 });
    await put('b', { name: 'second', createdAt: '2026-03-02T10:00:00Z', records: 5 });
    const [newest, oldest] = answerOf(await stored.list());
    expect(newest).toMatchObject({ name: 'second', records: 5, state: 'ended', path: at('b') });
    expect(newest?.startedAt).toBe(Date.parse('2026-03-02T10:00:00Z'));
    expect(oldest).toMatchObject({
      name: 'first',
      records: 3,
      fileBytes: storedFile({ name: 'first', createdAt: '2026-03-01T10:00:00Z', records: 3 }).length,
    });
  });

  it('are without what is no session, what is a folder and what has another ending', async () => {
    await put('a', { name: 'a session' });
    await writeFile(at('not'), 'this is no session, whatever it is called');
    await writeFile(at('empty'), '');
    await mkdir(at('folder'));
    await writeFile(join(folder, 'note.txt'), storedFile());
    expect(await names()).toEqual(['a session']);
  });

  it('have the name that they were given last, also after their end', async () => {
    await put('a', { name: 'first', renamedLater: 'the boiler test' });
    expect(await names()).toEqual(['the boiler test']);
  });

  it('have the name that they were given before a crash cut their last block', async () => {
    const path = await put('a', { name: 'first', renamed: 'the boiler test', records: 5, crashed: true });
    await appendFile(path, storedFile({ records: 4 }).subarray(0, 100));
    expect(await names()).toEqual(['the boiler test']);
  });

  it('are crashed where they have no end, with their whole records and what was cut', async () => {
    const path = await put('a', { records: 7, crashed: true });
    expect(answerOf(await stored.list())[0]).toMatchObject({ state: 'crashed', records: 7, cutBytes: 0 });
    await appendFile(path, storedFile({ records: 4 }).subarray(0, 100));
    expect(answerOf(await stored.list())[0]).toMatchObject({ state: 'crashed', records: 7, cutBytes: 100 });
    await truncate(path, 300);
    expect(answerOf(await stored.list())[0]).toMatchObject({ state: 'crashed', records: 0 });
  });

  it('are without what a killed run left in which nothing had happened', async () => {
    await put('a', { crashed: true });
    expect(await names()).toEqual([]);
  });

  it('are with what a killed run left in which nothing had happened, but that someone had named', async () => {
    await put('a', { renamed: 'calibration', crashed: true });
    expect(await names()).toEqual(['calibration']);
  });

  it('are busy where the process that records them is alive, and not any more when it is gone', async () => {
    const createdAt = new Date().toISOString();
    await put('a', { name: 'alive', createdAt, records: 1, crashed: true, pid: process.ppid });
    // No process has this number: Linux ends at 4 194 304.
    await put('b', { name: 'gone', createdAt, records: 1, crashed: true, pid: 99_999_999 });
    const states = new Map(answerOf(await stored.list()).map(({ name, state }) => [name, state]));
    expect(states).toEqual(
      new Map([
        ['alive', 'busy'],
        ['gone', 'crashed'],
      ]),
    );
    expect(await stored.delete(at('a'))).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
    expect(existsSync(at('a'))).toBe(true);
  });

  it('fail in words where the folder is gone', async () => {
    await rm(folder, { recursive: true });
    const listed = await stored.list();
    expect(listed).toMatchObject({ ok: false, error: { code: 'file' } });
    expect(listed.ok ? '' : listed.error.system).toContain('ENOENT');
  });

  it('are known again when the file has changed', async () => {
    await put('a', { name: 'before' });
    expect(await names()).toEqual(['before']);
    await put('a', { name: 'afterwards' });
    expect(await names()).toEqual(['afterwards']);
  });

  it('are listed behind a link in the folder, and not behind one that leads out of it', async () => {
    await using elsewhere = new SessionFolder();
    const outside = elsewhere.file('outside.wirebench');
    await writeFile(outside, storedFile({ name: 'outside' }));
    await put('a', { name: 'inside' });
    await symlink(outside, at('out'));
    await symlink(at('a'), at('in'));
    expect(await names()).toEqual(['inside', 'inside']);
    expect(await stored.find('stored:in.wirebench')).toEqual({ ok: true, value: at('in') });
    for (const name of ['out', 'none', '../a', 'a']) {
      const found = await stored.find(`stored:${name}${name === 'a' ? '' : '.wirebench'}`);
      expect(found.ok, name).toBe(false);
    }
  });

  describe('when one is deleted', () => {
    it('are without it', async () => {
      const path = await put('a');
      expect(await stored.delete(path)).toEqual({ ok: true, value: {} });
      expect(existsSync(path)).toBe(false);
      expect(await stored.delete(path)).toMatchObject({ ok: false, error: { code: 'file' } });
    });

    it('keep what is outside of their folder, behind a link, or no session', async () => {
      await using elsewhere = new SessionFolder();
      const outside = elsewhere.file('outside.wirebench');
      await writeFile(outside, storedFile());
      await symlink(outside, at('link'));
      await mkdir(join(folder, 'within'));
      const deeper = join(folder, 'within', 'deep.wirebench');
      await writeFile(deeper, storedFile());
      await writeFile(at('text'), 'not a session');
      for (const path of [outside, at('link'), deeper, join(folder, '..', 'x'), folder, at('text')]) {
        expect(await stored.delete(path)).toMatchObject({ ok: false });
      }
      expect([outside, at('link'), deeper, at('text')].map(existsSync)).toEqual([true, true, true, true]);
    });

    it('keep one that is recorded or open here, whatever path leads to it', async () => {
      const live = answerOf(createSessionLog({ path: at('live'), name: 'live', appVersion: 'test' }));
      open.push(live, answerOf(await openSessionLog(await put('a'))));
      await mkdir(join(folder, 'way'));
      await symlink(folder, join(folder, 'way', 'round'));
      expect(await stored.delete(at('live'))).toMatchObject({ error: { system: 'it is being recorded' } });
      expect(await stored.delete(join(folder, 'way', 'round', 'a.wirebench'))).toMatchObject({
        error: { system: 'it is open', hint: 'Close its tab first.' },
      });
      expect([at('live'), at('a')].map(existsSync)).toEqual([true, true]);
    });
  });

  describe('beyond the limits', () => {
    const limits = { sessions: 1, bytes: 1_000_000 };

    it('go, the oldest first', async () => {
      for (const day of [1, 2, 3])
        await put(`run-${day}`, { name: `run ${day}`, createdAt: `2026-03-0${day}T10:00:00Z` }, 9 - day);
      expect(await stored.retain(limits)).toEqual([at('run-1'), at('run-2')]);
      expect(await names()).toEqual(['run 3']);
    });

    it('stay where someone named or annotated them, where they are open, and where they changed today', async () => {
      await put('marked', { marked: true, createdAt: '2026-03-01T01:00:00Z' }, 9);
      await put('named', { renamed: 'mine', records: 2, createdAt: '2026-03-01T02:00:00Z' }, 9);
      await put('named-later', { renamedLater: 'mine too', createdAt: '2026-03-01T03:00:00Z' }, 9);
      await put('today', { createdAt: '2026-03-01T04:00:00Z' });
      await put('plain', { createdAt: '2026-03-01T05:00:00Z' }, 9);
      expect(await stored.retain({ sessions: 1, bytes: 1 })).toEqual([at('plain')]);
    });

    it('stay where the walk is ended early', async () => {
      for (const name of ['a', 'b', 'c']) await put(name, {}, 9);
      expect(await stored.retain(limits, AbortSignal.abort())).toEqual([]);
      expect(await names()).toHaveLength(3);
    });

    it('go also where they crashed', async () => {
      await put('crashed', { crashed: true, records: 3, createdAt: '2026-03-01T01:00:00Z' }, 9);
      await put('ended', { createdAt: '2026-03-02T01:00:00Z' }, 8);
      expect(await stored.retain(limits)).toEqual([at('crashed')]);
    });
  });

  it('are without the unfinished files of killed programs, once these are a day old', async () => {
    const old = join(folder, 'import.wirebench.0a1b2c3d.part');
    const young = join(folder, 'other.wirebench.0a1b2c3d.part');
    await Promise.all([old, young].map((path) => writeFile(path, 'half')));
    const changed = new Date(Date.now() - 2 * dayMs);
    await utimes(old, changed, changed);
    await stored.retain({ sessions: 9, bytes: 1_000 });
    expect([old, young].map(existsSync)).toEqual([false, true]);
  });

  it('are listed, hundreds of them', async () => {
    const bytes = storedFile({ records: 10 });
    await Promise.all(Array.from({ length: 400 }, (_, index) => writeFile(at(`run-${index}`), bytes)));
    expect(await names()).toHaveLength(400);
  });
});
